import type { Finding, Severity } from '../../findings/finding.js';
import type { SecurityFinding } from '../../security/analyze-security.js';
import { shortened } from '../rules/report-text.js';

/** What mending is estimated to take. */
const EFFORT_MINUTES: Record<Severity, number> = { low: 10, medium: 20, high: 30, critical: 60 };

/** One finding of our own security engine, as all engines report theirs. */
export function toFinding(found: SecurityFinding): Finding {
  return {
    rule_id: found.ruleId,
    engine: 'dataflow',
    category: 'security',
    impact: 'security',
    issue: found.title,
    message: found.message,
    severity: found.severity,
    confidence: found.confidence,
    file: found.file,
    line: found.line,
    column: found.column,
    end_line: found.endLine,
    recommendation: found.recommendation,
    cwe: found.cwe,
    owasp: found.owasp,
    trace: found.trace.map((step) => ({ ...step, text: shortened(step.text) })),
    effort_minutes: EFFORT_MINUTES[found.severity],
  };
}

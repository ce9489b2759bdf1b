import type { Finding, ReportedFinding } from './finding.js';

/** A finding as ruff gives it, with what a test is about. */
export function aFinding(more: Partial<Finding> = {}): Finding {
  return {
    rule_id: 'F401',
    engine: 'ruff',
    category: 'quality',
    impact: 'maintainability',
    issue: 'Unused import',
    message: '`os` imported but unused',
    severity: 'low',
    confidence: 'high',
    file: 'main.py',
    line: 1,
    column: 1,
    end_line: 1,
    recommendation: 'Remove it',
    cwe: null,
    owasp: null,
    trace: [],
    effort_minutes: 1,
    ...more,
  };
}

/** The same as it is reported: open, new to nobody. */
export function aReportedFinding(more: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    ...aFinding(),
    fingerprint: '0'.repeat(32),
    in_tests: false,
    status: 'open',
    suppression: null,
    baseline: null,
    ...more,
  };
}

/** A security issue that counts. */
export function aHole(more: Partial<ReportedFinding> = {}): ReportedFinding {
  return aReportedFinding({
    rule_id: 'sql-injection',
    engine: 'dataflow',
    category: 'security',
    impact: 'security',
    issue: 'SQL Injection',
    message: 'A dynamic value becomes part of the statement',
    severity: 'high',
    line: 9,
    end_line: 9,
    recommendation: 'Use parameterized queries',
    cwe: 'CWE-89',
    owasp: 'A03:2021 Injection',
    effort_minutes: 30,
    ...more,
  });
}

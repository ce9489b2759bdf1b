import type { Result, Suppression } from 'sarif';
import type { ReportedFinding, Severity } from '../findings/finding.js';
import { toLocation } from './sarif-locations.js';

/** Changes with the way fingerprints are made: a viewer compares those under the same name only. */
const FINGERPRINT_KEY = 'goalsmithFingerprint/v1';

export const LEVEL: Record<Severity, 'error' | 'warning' | 'note'> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};

/** One finding, without the index of its rule. */
export function toResult(
  finding: ReportedFinding,
  options: { baseline: boolean; suppressions: boolean; comment: string | undefined },
): Result {
  return {
    ruleId: finding.rule_id,
    level: LEVEL[finding.severity],
    message: { text: finding.message || finding.issue },
    locations: [toLocation(finding)],
    partialFingerprints: { [FINGERPRINT_KEY]: finding.fingerprint },
    ...toTrace(finding),
    ...(options.suppressions && { suppressions: toSuppressions(finding, options.comment) }),
    // The run before may not have looked for findings of this kind: in it, there was none.
    ...(options.baseline && { baselineState: finding.baseline ?? 'new' }),
    properties: {
      engine: finding.engine,
      category: finding.category,
      impact: finding.impact,
      severity: finding.severity,
      confidence: finding.confidence,
      inTests: finding.in_tests,
      effortMinutes: finding.effort_minutes,
    },
  };
}

/** In security findings the trace is the way of a value; in others it lists places of the same kind. */
function toTrace({
  trace,
  category,
}: ReportedFinding): Pick<Result, 'codeFlows' | 'relatedLocations'> {
  if (trace.length === 0) {
    return {};
  }
  if (category !== 'security') {
    return {
      relatedLocations: trace.map((step, index) => ({
        id: index + 1,
        ...toLocation(step, step.text || 'The same code stands here.'),
      })),
    };
  }
  const locations = trace.map((step, index) => ({
    location: toLocation(step, step.text || 'The value passes here.'),
    // Viewers fold what is not essential: the ends are what a reader needs first.
    importance:
      index === 0 || index === trace.length - 1 ? ('essential' as const) : ('important' as const),
  }));
  return { codeFlows: [{ threadFlows: [{ locations }] }] };
}

function toSuppressions(
  { suppression, status, file }: ReportedFinding,
  comment: string | undefined,
): Suppression[] {
  const found: Suppression[] = [];
  if (suppression) {
    found.push({
      kind: 'inSource',
      status: 'accepted',
      justification: suppression.reason ?? `A comment asks for silence: ${suppression.marker}`,
      location: toLocation({ file, line: suppression.line, column: 1 }),
    });
  }
  if (status !== 'open') {
    const judged = status === 'false_positive' ? 'False positive' : 'Accepted risk';
    found.push({
      kind: 'external',
      status: 'accepted',
      justification: comment ? `${judged}: ${comment}` : judged,
    });
  }
  return found;
}

import type { Finding } from '../../findings/finding.js';
import { shortened } from '../rules/report-text.js';

const MINUTES = 10;

/** What the engines for types know of one error. */
export type TypeError = Pick<
  Finding,
  | 'rule_id'
  | 'engine'
  | 'message'
  | 'confidence'
  | 'file'
  | 'line'
  | 'column'
  | 'end_line'
  | 'recommendation'
>;

/** All type errors alike: whatever the engine, the code can fail where it runs. */
export function typeFinding(error: TypeError): Finding {
  return {
    ...error,
    category: 'types',
    impact: 'reliability',
    issue: 'Type error',
    message: shortened(error.message),
    severity: 'medium',
    recommendation: shortened(error.recommendation),
    cwe: null,
    owasp: null,
    trace: [],
    effort_minutes: MINUTES,
  };
}

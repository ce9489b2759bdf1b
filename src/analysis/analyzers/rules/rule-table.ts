import type { Impact, Severity } from '../../findings/finding.js';

/** What our tables say of a linter's rule: a name for people, what its findings cost, and how long mending one takes. */
export type RuleRow = readonly [name: string, severity: Severity, minutes: number];

export interface QualityRule {
  /** The same for all findings of the rule. */
  issue: string;
  severity: Severity;
  impact: Impact;
  /** To mend one finding. */
  minutes: number;
  /** For a whole group of findings; `undefined`: what the linter says of each. */
  advice: string | undefined;
}

import type { Category, Finding, ReportedFinding } from '../findings/finding.js';
import { isInDefaultView } from '../findings/default-view.js';

/** How many fixed findings are named. */
const MAX_NAMED = 100;

/** What a finding that is gone is told by. */
export type FixedFinding = Pick<
  Finding,
  'rule_id' | 'engine' | 'issue' | 'severity' | 'category' | 'file' | 'line'
> & { fingerprint: string };

/** The analysis before, and what changed since. Counts are of the default view. */
export interface Baseline {
  analysis_id: string;
  timestamp: string;
  new: number;
  unchanged: number;
  fixed: number;
  /** The worst of them. */
  fixed_issues: FixedFinding[];
}

/** The analysis that one is compared with. */
export interface EarlierAnalysis {
  id: string;
  timestamp: string;
  /** What it had an answer for. */
  answered: ReadonlySet<Category>;
  /** Of all its findings. */
  fingerprints: ReadonlySet<string>;
  /** Those with findings. */
  files: ReadonlySet<string>;
  /** Its default view, the worst first. */
  shown: readonly FixedFinding[];
}

/** Whether a finding was there before; `null`: nothing tells. */
export function baselineStateOf(
  { fingerprint, category }: Pick<ReportedFinding, 'fingerprint' | 'category'>,
  earlier: EarlierAnalysis | null,
): ReportedFinding['baseline'] {
  if (!earlier?.answered.has(category)) {
    return null;
  }
  return earlier.fingerprints.has(fingerprint) ? 'unchanged' : 'new';
}

/**
 * @param answered What the findings' analysis has an answer for: what it didn't look for is not fixed.
 * @param isExcused Whether an earlier finding that is missing now is not fixed all the same: its code could not be
 *   looked at, or has moved to another file.
 */
export function compareWith(
  earlier: EarlierAnalysis | null,
  findings: readonly ReportedFinding[],
  answered: ReadonlySet<Category>,
  isExcused: (finding: FixedFinding) => boolean = () => false,
): Baseline | null {
  if (earlier === null) {
    return null;
  }
  const present = new Set(findings.map(({ fingerprint }) => fingerprint));
  const fixed = earlier.shown.filter(
    (finding) =>
      answered.has(finding.category) && !present.has(finding.fingerprint) && !isExcused(finding),
  );
  const states = findings.filter(isInDefaultView).map(({ baseline }) => baseline);
  return {
    analysis_id: earlier.id,
    timestamp: earlier.timestamp,
    new: states.filter((state) => state === 'new').length,
    unchanged: states.filter((state) => state === 'unchanged').length,
    fixed: fixed.length,
    fixed_issues: fixed.slice(0, MAX_NAMED),
  };
}

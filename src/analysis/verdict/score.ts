import type { ReportedFinding, Severity } from '../findings/finding.js';
import { isOpen, isOpenSecurityIssue } from '../findings/default-view.js';

/** Changes with every change of the numbers below: scores of different formulas don't compare. */
const FORMULA = 'goalsmith-3';

/** What writing a line is taken to cost (SonarQube's default), for the ratio of debt to the code's worth. */
const MINUTES_A_LINE = 30;

/** Points on a curve from a measure (0 is best) to 10..0, straight in between; 8, 6, 4 and 2 are the borders of A to E. */
type Grid = readonly (readonly [measure: number, score: number])[];

/** Debt ratio: SonarQube's published maintainability grid (A to 5 %, B to 10 %, C to 20 %, D to 50 %). */
const DEBT_RATIO: Grid = [
  [0, 10],
  [0.05, 8],
  [0.1, 6],
  [0.2, 4],
  [0.5, 2],
  [1, 0],
];

/** Weighted defects in 1,000 lines: our own, as there is no published one by density. */
const DEFECT_DENSITY: Grid = [
  [0, 10],
  [2, 8],
  [5, 6],
  [12, 4],
  [30, 2],
  [60, 0],
];
const DEFECT_WEIGHT: Record<Severity, number> = { low: 0.5, medium: 1, high: 3, critical: 5 };

/** Percent of lines that stand elsewhere as well: SonarQube's published borders (3, 5, 10 and 20 %). */
const DUPLICATION: Grid = [
  [0, 10],
  [3, 8],
  [5, 6],
  [10, 4],
  [20, 2],
  [40, 0],
];

/** Above the weakest part: what is good elsewhere makes up for no more. */
const MOST_ABOVE_WEAKEST = 4;

const WEIGHTS = { maintainability: 0.5, reliability: 0.3, duplication: 0.2 };

/** As in SonarQube's security rating, where one such issue is enough for D or E. */
const SECURITY_CAP: Partial<Record<Severity, number>> = { high: 4, critical: 2 };
/** Code that can't be parsed can't be shipped, and hides what is wrong inside. */
const SYNTAX_CAP = 4;

/** The rule of a file that is not valid in its language, whatever the engine. */
export const SYNTAX_RULE = 'invalid-syntax';

/** The size of what was analysed. */
export interface Size {
  /** Lines that are not blank. */
  lines: number;
  /** Of the lines; `null`: not looked for. */
  duplicatedPercent: number | null;
}

export interface ScoreBreakdown {
  formula: string;
  /** Lines that are not blank, in what was analysed. */
  lines: number;
  /** Estimated, to mend every open maintainability finding. */
  debt_minutes: number;
  /** `debt_minutes` by what writing the lines would take at 30 minutes each. */
  debt_ratio: number;
  /** Open defects, weighted by severity, in 1,000 lines. */
  defect_density: number;
  /** Of the lines; `null`: not looked for. */
  duplicated_percent: number | null;
  /** A to E: the letter of the score. */
  rating: string;
  /** 0 to 10 each, before the cap; they make 50, 30 and 20 % of the score. */
  maintainability: number;
  reliability: number;
  duplication: number | null;
  /** The most that the score may be; `null`: no cap. */
  cap: number | null;
  /** Why there is a cap. */
  capped_by: string | null;
}

/**
 * 0 (worst) to 10 from the findings and the size of the code.
 *
 * One more finding never raises it, doubling code and findings leaves it as it is, and order doesn't count.
 *
 * @returns `null`: nothing to score
 */
export function scoreOf(
  findings: readonly ReportedFinding[],
  { lines, duplicatedPercent }: Size,
): { score: number; breakdown: ScoreBreakdown } | null {
  if (lines <= 0) {
    return null;
  }
  const open = findings.filter(isOpen);
  const debt = open
    .filter(({ impact }) => impact === 'maintainability')
    .reduce((sum, finding) => sum + finding.effort_minutes, 0);
  const defects = open
    .filter(({ impact }) => impact === 'reliability')
    .reduce((sum, { severity }) => sum + DEFECT_WEIGHT[severity], 0);
  const ratio = debt / (MINUTES_A_LINE * lines);
  const density = (defects * 1000) / lines;
  const maintainability = onGrid(DEBT_RATIO, ratio);
  const reliability = onGrid(DEFECT_DENSITY, density);
  const duplication = duplicatedPercent === null ? null : onGrid(DUPLICATION, duplicatedPercent);
  const cap = capOf(findings);
  const parts = [maintainability, reliability, duplication].filter((part) => part !== null);
  const mean = weightedMean([
    [WEIGHTS.maintainability, maintainability],
    [WEIGHTS.reliability, reliability],
    [WEIGHTS.duplication, duplication],
  ]);
  const score = rounded(Math.min(mean, Math.min(...parts) + MOST_ABOVE_WEAKEST, cap?.cap ?? 10), 1);
  return {
    score,
    breakdown: {
      formula: FORMULA,
      lines,
      debt_minutes: debt,
      debt_ratio: rounded(ratio, 4),
      defect_density: rounded(density, 2),
      duplicated_percent: duplicatedPercent,
      rating: ratingOf(score),
      maintainability: rounded(maintainability, 1),
      reliability: rounded(reliability, 1),
      duplication: duplication === null ? null : rounded(duplication, 1),
      cap: cap?.cap ?? null,
      capped_by: cap?.reason ?? null,
    },
  };
}

/** Half up, to a number of decimals. */
export function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

function onGrid(grid: Grid, measure: number): number {
  for (const [index, [toMeasure, toScore]] of grid.entries()) {
    const [fromMeasure, fromScore] = grid[index - 1] ?? [0, 10];
    if (measure <= toMeasure) {
      const span = toMeasure - fromMeasure;
      const share = span === 0 ? 0 : (measure - fromMeasure) / span;
      return fromScore + share * (toScore - fromScore);
    }
  }
  return 0;
}

/** Of what is known. */
function weightedMean(parts: readonly (readonly [weight: number, value: number | null])[]): number {
  const known = parts.filter((part): part is [number, number] => part[1] !== null);
  const weights = known.reduce((sum, [weight]) => sum + weight, 0);
  return known.reduce((sum, [weight, value]) => sum + weight * value, 0) / weights;
}

function ratingOf(score: number): string {
  const index = [8, 6, 4, 2].findIndex((border) => score >= border);
  return index === -1 ? 'E' : 'ABCD'.charAt(index);
}

function capOf(findings: readonly ReportedFinding[]): { cap: number; reason: string } | null {
  const caps = findings.flatMap((finding) => {
    if (finding.rule_id === SYNTAX_RULE && isOpen(finding) && !finding.in_tests) {
      return [{ cap: SYNTAX_CAP, reason: 'files that can not be parsed' }];
    }
    const isSure = isOpenSecurityIssue(finding) && finding.confidence === 'high';
    const cap = isSure ? SECURITY_CAP[finding.severity] : undefined;
    return cap === undefined
      ? []
      : [{ cap, reason: `open security issues of ${finding.severity} severity` }];
  });
  // By reason where two caps are the same, so that the order of the findings doesn't show.
  caps.sort((a, b) => a.cap - b.cap || (a.reason < b.reason ? -1 : 1));
  return caps[0] ?? null;
}

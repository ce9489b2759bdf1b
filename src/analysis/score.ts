import { isOpenSecurityIssue, type Finding, type Severity } from './finding.js';

/** Changes with every change of the numbers below: scores of different formulas don't compare. */
export const FORMULA = 'maintainability-1';

/** What writing a line is taken to cost (SonarQube's default), for the ratio of debt to the code's worth. */
const MINUTES_A_LINE = 30;

/**
 * Debt ratio -> score: SonarQube's published maintainability grid (A to 5 %, B to 10 %, C to 20 %, D to 50 %) on the
 * borders 8, 6, 4 and 2; linear in between.
 */
const GRID: readonly (readonly [ratio: number, score: number])[] = [
  [0, 10],
  [0.05, 8],
  [0.1, 6],
  [0.2, 4],
  [0.5, 2],
  [1, 0],
];

/** As in SonarQube's security rating, where one such issue is enough for D or E. */
const SECURITY_CAP: Partial<Record<Severity, number>> = { high: 4, critical: 2 };
/** Code that can't be parsed can't be shipped, and hides what is wrong inside. */
const SYNTAX_CAP = 4;

/** The rule of a file that is not valid in its language, whatever the engine. */
export const SYNTAX_RULE = 'invalid-syntax';

export interface ScoreBreakdown {
  formula: string;
  /** Lines that are not blank, in what was analysed for quality. */
  lines: number;
  /** Estimated, to mend every quality finding. */
  debt_minutes: number;
  /** `debt_minutes` by what writing the lines would take at 30 minutes each. */
  debt_ratio: number;
  /** A to E. */
  rating: string;
  /** 0 to 10, before the cap. */
  maintainability: number;
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
 * @param lines Not blank, analysed for quality.
 * @returns `null`: nothing to score
 */
export function scoreOf(
  findings: readonly Finding[],
  lines: number,
): { score: number; breakdown: ScoreBreakdown } | null {
  if (lines <= 0) {
    return null;
  }
  const debt = findings
    .filter((finding) => finding.category === 'quality')
    .reduce((sum, finding) => sum + finding.effort_minutes, 0);
  const ratio = debt / (MINUTES_A_LINE * lines);
  const maintainability = onGrid(ratio);
  const cap = capOf(findings);
  return {
    score: rounded(Math.min(maintainability, cap?.cap ?? 10), 1),
    breakdown: {
      formula: FORMULA,
      lines,
      debt_minutes: debt,
      debt_ratio: rounded(ratio, 4),
      rating: ratingOf(ratio),
      maintainability: rounded(maintainability, 1),
      cap: cap?.cap ?? null,
      capped_by: cap?.reason ?? null,
    },
  };
}

function onGrid(ratio: number): number {
  for (const [index, [toRatio, toScore]] of GRID.entries()) {
    const [fromRatio, fromScore] = GRID[index - 1] ?? [0, 10];
    if (ratio <= toRatio) {
      const share = toRatio === fromRatio ? 0 : (ratio - fromRatio) / (toRatio - fromRatio);
      return fromScore + share * (toScore - fromScore);
    }
  }
  return 0;
}

function ratingOf(ratio: number): string {
  const index = GRID.slice(1, 5).findIndex(([border]) => ratio <= border);
  return index === -1 ? 'E' : 'ABCD'.charAt(index);
}

function capOf(findings: readonly Finding[]): { cap: number; reason: string } | null {
  const caps = findings.flatMap((finding) => {
    if (finding.rule_id === SYNTAX_RULE) {
      return [{ cap: SYNTAX_CAP, reason: 'files that can not be parsed' }];
    }
    const cap = isOpenSecurityIssue(finding) ? SECURITY_CAP[finding.severity] : undefined;
    return cap === undefined
      ? []
      : [{ cap, reason: `open security issues of ${finding.severity} severity` }];
  });
  // By reason where two caps are the same, so that the order of the findings doesn't show.
  caps.sort((a, b) => a.cap - b.cap || (a.reason < b.reason ? -1 : 1));
  return caps[0] ?? null;
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

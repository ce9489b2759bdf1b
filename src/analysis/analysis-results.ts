import type { Baseline } from './verdict/baseline.js';
import type { EngineSummary } from './engines/engine-runs.js';
import { isInDefaultView, isOpen, isOpenSecurityIssue } from './findings/default-view.js';
import type { Category, Impact, ReportedFinding, Severity } from './findings/finding.js';
import type { ConditionOutcome } from './verdict/quality-gate.js';
import { recommend } from './verdict/recommendations.js';
import { rounded, scoreOf, type ScoreBreakdown } from './verdict/score.js';

/** Where the number for coverage comes from. */
export interface Coverage {
  /** `build`: measured while the build that made this source was verified; else the format of a report in the source. */
  source: string;
  /** Path of the report; `null`: a build's own run. */
  report: string | null;
  /** Lines that can be covered, and those that were; `null`: the build told only the share. */
  lines: number | null;
  covered: number | null;
  percent: number;
}

export interface LanguageSize {
  name: string;
  files: number;
  /** Not blank. */
  lines: number;
}

/** What was looked at. */
export interface Metrics {
  files: number;
  /** Not blank. */
  lines: number;
  languages: LanguageSize[];
  /** Lines of shipped code that stand elsewhere as well; `null`: not looked for. */
  duplicated_lines: number | null;
  /** Of the lines of shipped code. */
  duplicated_percent: number | null;
}

/**
 * `results` of an analysis, as stored. What wasn't asked for, or could not be found out, is `null`. The findings
 * themselves are rows of their own.
 */
export interface AnalysisResults {
  analysis_types: Category[];
  /** Those that an engine completed; of the others nothing is known. */
  answered_types: Category[];
  /** Those of which some code could not be looked at: their counts are the least that there is. */
  incomplete_types: Category[];
  /** 0 to 10. */
  quality_score: number | null;
  score_breakdown: ScoreBreakdown | null;
  /** Open, of at least medium confidence, outside tests. */
  security_issues_total: number | null;
  /** The same by severity. */
  security_issues_by_severity: Record<Severity, number> | null;
  /** Open maintainability findings. */
  code_smells: number | null;
  /** Open reliability findings of quality. */
  defects: number | null;
  type_errors: number | null;
  coverage_percent: number | null;
  coverage: Coverage | null;
  recommendations: string[];
  /** Of the default view: open, and of security only what counts above. */
  issues_total: number | null;
  /** Also what is unsure, in tests, suppressed or decided about. */
  findings_total: number | null;
  /** Silenced by a comment, or decided about by people. */
  suppressed_total: number | null;
  metrics: Metrics;
  baseline: Baseline | null;
  gate: 'passed' | 'failed' | null;
  gate_conditions: ConditionOutcome[];
  engines: EngineSummary[];
  /** What was not analysed, and why. */
  notes: string[];
  /** `null`: files of the request were analysed. */
  snapshot: string | null;
}

/** What the engines gave and what else is known, before anything is concluded from it. */
export interface Gathered {
  asked: Category[];
  answered: ReadonlySet<Category>;
  incomplete: ReadonlySet<Category>;
  /** In the order of `compareFindings`. */
  findings: readonly ReportedFinding[];
  engines: EngineSummary[];
  notes: string[];
  metrics: Metrics;
  coverage: Coverage | null;
  baseline: Baseline | null;
  snapshotId: string | null;
}

type Conclusions = Omit<AnalysisResults, 'gate' | 'gate_conditions'>;

/** Draws the conclusions but for the gate. The same findings, in whatever order, give the same results. */
export function concludeFrom(gathered: Gathered): Conclusions {
  const { findings, answered, metrics } = gathered;
  const scored = answered.has('quality')
    ? scoreOf(findings, {
        lines: metrics.lines,
        duplicatedPercent: metrics.duplicated_percent,
      })
    : null;
  const security = findings.filter(isOpenSecurityIssue);
  const open = findings.filter(isOpen);
  const known = answered.size > 0;
  return {
    analysis_types: gathered.asked,
    answered_types: gathered.asked.filter((category) => answered.has(category)),
    incomplete_types: gathered.asked.filter((category) => gathered.incomplete.has(category)),
    quality_score: scored?.score ?? null,
    score_breakdown: scored?.breakdown ?? null,
    security_issues_total: answered.has('security') ? security.length : null,
    security_issues_by_severity: answered.has('security') ? countBySeverity(security) : null,
    code_smells: answered.has('quality') ? countOf(open, 'maintainability') : null,
    defects: answered.has('quality') ? countOf(open, 'reliability') : null,
    type_errors: answered.has('types')
      ? open.filter(({ category }) => category === 'types').length
      : null,
    coverage_percent: gathered.coverage?.percent ?? null,
    coverage: gathered.coverage,
    recommendations: recommend(findings.filter(isInDefaultView)),
    issues_total: known ? findings.filter(isInDefaultView).length : null,
    findings_total: known ? findings.length : null,
    suppressed_total: known ? findings.length - open.length : null,
    metrics,
    baseline: gathered.baseline,
    engines: gathered.engines,
    notes: gathered.notes,
    snapshot: gathered.snapshotId,
  };
}

/** A share in percent, to one decimal. */
export function percentOf(part: number, whole: number): number | null {
  return whole > 0 ? rounded((part / whole) * 100, 1) : null;
}

function countOf(findings: readonly ReportedFinding[], impact: Impact): number {
  return findings.filter((finding) => finding.category === 'quality' && finding.impact === impact)
    .length;
}

function countBySeverity(findings: readonly ReportedFinding[]): Record<Severity, number> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { severity } of findings) {
    counts[severity] += 1;
  }
  return counts;
}

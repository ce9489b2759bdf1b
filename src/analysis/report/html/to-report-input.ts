import { API_VERSION } from '../../../common/api-version.js';
import type { AnalysisResults } from '../../analysis-results.js';
import type { CompletedAnalysis } from '../../analysis-service.js';
import type { FindingPage } from '../../findings/findings-store.js';
import type { ConditionOutcome } from '../../verdict/quality-gate.js';
import type { ReportInput, ReportScore } from './report-input.js';
import type { ScoreBreakdown } from '../../verdict/score.js';
import type { TrendPoint } from '../../../projects/trend.js';

const EXPLANATION = [
  'The score is the weighted mean of maintainability (50 %), reliability (30 %) and duplication (20 %), each from 0 to 10.',
  'Maintainability: estimated minutes to mend all open maintainability findings, by what writing the lines would take at ' +
    "30 minutes each, on SonarQube's published grid: 5, 10, 20 and 50 % lie at 8, 6, 4 and 2.",
  'Reliability: open defects in 1,000 lines, weighted by severity: 2, 5, 12 and 30 lie at 8, 6, 4 and 2.',
  "Duplication: duplicated lines of shipped code, on SonarQube's published borders: 3, 5, 10 and 20 % lie at 8, 6, 4 and 2.",
  'It is at most 4 above its weakest part, at most 4 while a security issue of high severity and confidence is open or a file can not be parsed, and at ' +
    'most 2 while one of critical severity is.',
];

const CONDITIONS: Record<ConditionOutcome['condition'], string> = {
  min_score: 'Score, at least',
  min_coverage: 'Coverage in percent, at least',
  max_duplicated: 'Duplicated lines in percent, at most',
  max_new_high: 'New security issues of high severity, at most',
  max_high: 'Security issues of high severity, at most',
  max_type_errors: 'Type errors, at most',
};

/** What the page for people shows. */
export function toReportInput(
  analysis: CompletedAnalysis,
  { total, findings }: FindingPage,
  trend: readonly TrendPoint[],
  source: ReadonlyMap<string, Buffer>,
): ReportInput {
  const { results } = analysis;
  const comments = findings.flatMap(({ fingerprint, comment }): [string, string][] =>
    comment ? [[fingerprint, comment]] : [],
  );
  return {
    analysis_id: analysis.id,
    project_name: analysis.projectName,
    requested_by: analysis.owner,
    status: analysis.status,
    started_at: analysis.startedAt?.toISOString() ?? null,
    finished_at: analysis.finishedAt?.toISOString() ?? null,
    product_version: API_VERSION,
    snapshot: results.snapshot,
    analysis_types: results.analysis_types,
    score: toScore(results),
    gate: toGate(results),
    counters: toCounters(results),
    baseline: results.baseline,
    engines: results.engines,
    recommendations: results.recommendations,
    notes: results.notes,
    findings,
    findings_total: total,
    issues_url: `/api/analysis/${analysis.id}/issues?all=true`,
    comments: new Map(comments),
    sourceOf: (file) => source.get(file)?.toString('utf8'),
    trend: trend.map((point) => ({
      analysis_id: point.analysis_id,
      at: point.timestamp,
      score: point.quality_score,
      open_issues: point.issues,
    })),
  };
}

function toScore({ quality_score: value, score_breakdown: parts }: AnalysisResults): ReportScore {
  return {
    value,
    formula: parts?.formula ?? null,
    summary: parts?.capped_by ? `At most ${parts.cap ?? ''} because of ${parts.capped_by}` : null,
    breakdown: parts ? toBreakdown(parts) : [],
    explanation: EXPLANATION,
  };
}

function toBreakdown(parts: ScoreBreakdown): ReportScore['breakdown'] {
  const rows: [label: string, value: string | null][] = [
    ['Maintainability', String(parts.maintainability)],
    ['Estimated minutes to mend', String(parts.debt_minutes)],
    ['Reliability', String(parts.reliability)],
    ['Weighted defects in 1,000 lines', String(parts.defect_density)],
    ['Duplication', parts.duplication === null ? null : String(parts.duplication)],
    ['Lines', String(parts.lines)],
  ];
  return rows.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}

function toGate({ gate, gate_conditions: conditions }: AnalysisResults): ReportInput['gate'] {
  return conditions.length === 0
    ? null
    : {
        status: gate,
        conditions: conditions.map(({ condition, actual, threshold, passed }) => ({
          label: CONDITIONS[condition],
          actual: actual === null ? 'unknown' : String(actual),
          threshold: String(threshold),
          passed,
        })),
      };
}

function toCounters(results: AnalysisResults): ReportInput['counters'] {
  const { coverage, metrics } = results;
  return {
    security: results.security_issues_by_severity,
    code_smells: results.code_smells,
    defects: results.defects,
    type_errors: results.type_errors,
    coverage: coverage && {
      percent: coverage.percent,
      lines: coverage.lines,
      source: coverage.report ?? coverage.source,
    },
    duplication_percent: metrics.duplicated_percent,
    lines: metrics.lines,
  };
}

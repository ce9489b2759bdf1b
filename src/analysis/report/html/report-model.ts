import { SEVERITIES, type Severity } from '../../findings/finding.js';
import { sectionsOf } from './finding-groups.js';
import type { ReportCounters, ReportEngine, ReportInput } from './report-input.js';
import { issuesChart, scoreChart } from './trend-chart.js';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatTime,
  toPieces,
  UNKNOWN,
} from './wording.js';

/** Skipped files of one engine that are named. */
const MAX_SKIPPED = 50;
/** Analyses in the table below the charts. */
const MAX_TREND_ROWS = 20;
/** Score -> its rating, on the grid of the score. */
const RATINGS = [
  [8, 'A'],
  [6, 'B'],
  [4, 'C'],
  [2, 'D'],
  [0, 'E'],
] as const;

/** What the template shows, worded; it escapes every text itself. */
export function toModel(input: ReportInput) {
  const lines = new Map<string, readonly string[] | undefined>();
  const linesOf = (file: string) => {
    if (!lines.has(file)) {
      lines.set(file, input.sourceOf(file)?.split(/\r\n|\n|\r/));
    }
    return lines.get(file);
  };
  const comments = input.comments ?? new Map<string, string>();
  const { main, unsure, silenced } = sectionsOf(input.findings, { linesOf, comments });
  const missing =
    Math.max(0, input.findings_total - input.findings.length) +
    [...main, unsure, silenced].reduce((sum, section) => sum + section.missing, 0);
  return {
    title: input.project_name,
    facts: factsOf(input),
    gauge: gaugeOf(input.score.value),
    score: input.score,
    gate: input.gate && { ...input.gate, verdict: verdictOf(input.gate.status) },
    tiles: tilesOf(input.counters).map(({ label, value, detail }) =>
      value === UNKNOWN
        ? {
            label,
            value: 'unknown',
            detail: 'not asked for, or not to be found out',
            isKnown: false,
          }
        : { label, value, detail, isKnown: true },
    ),
    severities: severitiesOf(input.counters.security),
    baseline: input.baseline && baselineOf(input.baseline),
    recommendations: input.recommendations.map(toPieces),
    engines: input.engines.map(toEngine),
    notes: input.notes,
    main,
    unsure,
    silenced,
    hasFindings: main.length > 0,
    isComplete: input.engines.every(({ status }) => status === 'completed'),
    missing: missing > 0 ? { count: formatNumber(missing), url: input.issues_url } : null,
    charts: [scoreChart(input.trend), issuesChart(input.trend)].filter((chart) => chart !== null),
    trend: trendRowsOf(input),
    levels: SEVERITIES.toReversed(),
    version: input.product_version,
    analysisId: input.analysis_id,
    formatCount,
  };
}

function factsOf(input: ReportInput): { label: string; value: string }[] {
  const { started_at: start, finished_at: end } = input;
  const took = start && end ? Date.parse(end) - Date.parse(start) : NaN;
  return [
    { label: 'Analysed', value: formatTime(end ?? start) },
    { label: 'By', value: input.requested_by },
    { label: 'Status', value: input.status },
    ...(Number.isNaN(took) ? [] : [{ label: 'Took', value: formatDuration(took) }]),
    { label: 'Asked for', value: input.analysis_types.join(', ') || UNKNOWN },
    {
      label: 'Source',
      value: input.snapshot ? `snapshot ${input.snapshot}` : 'files of the request',
    },
  ];
}

function gaugeOf(score: number | null) {
  if (score === null) {
    return { label: 'No score: nothing to analyse', value: UNKNOWN, rating: 'none', share: 0 };
  }
  const value = Math.min(10, Math.max(0, score));
  const rating = RATINGS.find(([border]) => value >= border)?.[1] ?? 'E';
  return {
    label: `Score ${value.toFixed(1)} of 10, rating ${rating}`,
    value: value.toFixed(1),
    rating,
    share: Math.round(value * 10),
  };
}

function verdictOf(status: 'passed' | 'failed' | null): string {
  return status === null ? 'Quality gate undecided' : `Quality gate ${status}`;
}

function tilesOf(counters: ReportCounters): { label: string; value: string; detail: string }[] {
  const { security, coverage } = counters;
  const total = security && SEVERITIES.reduce((sum, severity) => sum + security[severity], 0);
  const lines = coverage?.lines ?? null;
  const counted = lines === null ? '' : `of ${formatNumber(lines)} lines`;
  return [
    {
      label: 'Security issues',
      value: formatNumber(total),
      detail: 'open, medium confidence or more',
    },
    { label: 'Defects', value: formatNumber(counters.defects), detail: 'reliability' },
    { label: 'Code smells', value: formatNumber(counters.code_smells), detail: 'maintainability' },
    { label: 'Type errors', value: formatNumber(counters.type_errors), detail: 'verified' },
    {
      label: 'Coverage',
      value: formatPercent(coverage?.percent ?? null),
      detail: coverage
        ? [counted, coverage.source ?? ''].filter(Boolean).join(', from ')
        : 'no report found',
    },
    {
      label: 'Duplication',
      value: formatPercent(counters.duplication_percent),
      detail: 'of the lines',
    },
    { label: 'Size', value: formatNumber(counters.lines), detail: 'lines that are not blank' },
  ];
}

function severitiesOf(security: ReportCounters['security']) {
  const count = (severity: Severity) => security?.[severity] ?? 0;
  return (
    security && SEVERITIES.toReversed().map((severity) => ({ severity, count: count(severity) }))
  );
}

function baselineOf({ new: added, fixed, unchanged }: NonNullable<ReportInput['baseline']>) {
  return `Since the last analysis: ${added} new, ${fixed} fixed, ${unchanged} unchanged.`;
}

function toEngine(engine: ReportEngine) {
  const { version, duration_ms: duration, files, skipped, reason } = engine;
  return {
    name: engine.name,
    version: version ?? UNKNOWN,
    status: engine.status,
    duration: formatDuration(duration),
    files: formatNumber(files),
    reason,
    skippedCount: formatCount(skipped.length, 'file') + ' skipped',
    skipped: skipped.slice(0, MAX_SKIPPED),
    more: Math.max(0, skipped.length - MAX_SKIPPED),
  };
}

function trendRowsOf({ trend }: ReportInput) {
  return trend
    .slice(-MAX_TREND_ROWS)
    .map(({ at, score, open_issues: issues }) => ({
      time: formatTime(at),
      score: formatNumber(score),
      issues: formatNumber(issues),
    }))
    .toReversed();
}

import type { Category, ReportedFinding } from '../findings/finding.js';
import { isOpenSecurityIssue } from '../findings/default-view.js';

/** Thresholds of a project. An analysis fails the gate when one of them doesn't hold. */
export interface GateConditions {
  /** 0 to 10. */
  min_score?: number;
  /** Percent. */
  min_coverage?: number;
  /** Percent. */
  max_duplicated?: number;
  /** Open security issues of high or critical severity that the analysis before didn't have. */
  max_new_high?: number;
  /** Open security issues of high or critical severity. */
  max_high?: number;
  max_type_errors?: number;
}

export interface ConditionOutcome {
  condition: keyof GateConditions;
  threshold: number;
  /** `null`: not known, or there is nothing to measure. */
  actual: number | null;
  /** `null`: the analysis wasn't asked for it. */
  passed: boolean | null;
}

/** What the gate looks at, beside the findings; as the results name it. */
export interface Measured {
  quality_score: number | null;
  coverage_percent: number | null;
  type_errors: number | null;
  metrics: { duplicated_percent: number | null };
  analysis_types: readonly Category[];
  answered_types: readonly Category[];
  incomplete_types: readonly Category[];
  /** `null`: there is no analysis before. */
  baseline: object | null;
}

export interface Verdict {
  gate: 'passed' | 'failed' | null;
  gate_conditions: ConditionOutcome[];
}

/**
 * Compares an analysis with its project's thresholds.
 *
 * What was asked for and could not be found out fails: passed means that it was shown. Where the analysis wasn't asked
 * for all that the conditions speak of, and none fails, there is no verdict.
 *
 * @param conditions `null`: the project has no gate.
 */
export function judge(
  conditions: GateConditions | null,
  results: Measured,
  findings: readonly ReportedFinding[],
): Verdict {
  const outcomes = outcomesOf(conditions ?? {}, results, findings);
  return { gate: gateOf(outcomes), gate_conditions: outcomes };
}

function outcomesOf(
  conditions: GateConditions,
  results: Measured,
  findings: readonly ReportedFinding[],
): ConditionOutcome[] {
  const actual = measure(results, findings);
  const names = Object.keys(actual) as (keyof GateConditions)[];
  return names.flatMap((condition) => {
    const threshold = conditions[condition];
    if (threshold === undefined) {
      return [];
    }
    const value = actual[condition];
    return [
      { condition, threshold, actual: value, passed: holds(condition, threshold, value, results) },
    ];
  });
}

function holds(
  condition: keyof GateConditions,
  threshold: number,
  value: number | null,
  results: Measured,
): boolean | null {
  const category = CATEGORY_OF[condition];
  if (!results.analysis_types.includes(category)) {
    return null;
  }
  const isIncomplete = results.incomplete_types.includes(category);
  if (value === null) {
    return !isIncomplete && hasNothingToMeasure(condition, results);
  }
  // Of what is incomplete the least that there is: it proves nothing where it is within the limit.
  return condition.startsWith('min_') ? value >= threshold : value <= threshold && !isIncomplete;
}

/** The first analysis has none before it; code without types has no errors in them. */
function hasNothingToMeasure(condition: keyof GateConditions, results: Measured): boolean {
  return condition === 'max_new_high' ? results.baseline === null : condition === 'max_type_errors';
}

/** What each condition speaks of. */
const CATEGORY_OF: Record<keyof GateConditions, Category> = {
  min_score: 'quality',
  min_coverage: 'quality',
  max_duplicated: 'quality',
  max_new_high: 'security',
  max_high: 'security',
  max_type_errors: 'types',
};

function gateOf(outcomes: readonly ConditionOutcome[]): Verdict['gate'] {
  if (outcomes.some(({ passed }) => passed === false)) {
    return 'failed';
  }
  return outcomes.length > 0 && outcomes.every(({ passed }) => passed) ? 'passed' : null;
}

function measure(
  results: Measured,
  findings: readonly ReportedFinding[],
): Record<keyof GateConditions, number | null> {
  const serious = findings.filter(
    (finding) => isOpenSecurityIssue(finding) && ['high', 'critical'].includes(finding.severity),
  );
  const isKnown = results.answered_types.includes('security');
  return {
    min_score: results.quality_score,
    min_coverage: results.coverage_percent,
    max_duplicated: results.metrics.duplicated_percent,
    max_new_high:
      isKnown && results.baseline !== null
        ? serious.filter(({ baseline }) => baseline === 'new').length
        : null,
    max_high: isKnown ? serious.length : null,
    max_type_errors: results.type_errors,
  };
}

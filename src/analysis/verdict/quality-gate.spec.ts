import type { Category } from '../findings/finding.js';
import { aHole, aReportedFinding } from '../findings/finding.fixture.js';
import { judge, type GateConditions } from './quality-gate.js';

const MEASURED = {
  quality_score: 7.5,
  coverage_percent: 80,
  type_errors: 2,
  analysis_types: ['quality', 'security', 'types'] as Category[],
  answered_types: ['quality', 'security', 'types'] as Category[],
  incomplete_types: [] as Category[],
  baseline: {
    analysis_id: '1',
    timestamp: '',
    new: 0,
    unchanged: 0,
    fixed: 0,
    fixed_issues: [],
  },
  metrics: { files: 1, lines: 1, languages: [], duplicated_lines: 0, duplicated_percent: 4 },
};

describe(judge, () => {
  it.each<[GateConditions, 'passed' | 'failed']>([
    [{ min_score: 7.5 }, 'passed'],
    [{ min_score: 7.6 }, 'failed'],
    [{ min_coverage: 80 }, 'passed'],
    [{ min_coverage: 80.1 }, 'failed'],
    [{ max_duplicated: 4 }, 'passed'],
    [{ max_duplicated: 3.9 }, 'failed'],
    [{ max_type_errors: 2 }, 'passed'],
    [{ max_type_errors: 1 }, 'failed'],
    [{ max_high: 2 }, 'passed'],
    [{ max_high: 1 }, 'failed'],
    [{ max_new_high: 1 }, 'passed'],
    [{ max_new_high: 0 }, 'failed'],
    [{ min_score: 5, max_new_high: 0 }, 'failed'],
  ])('of %j is %s', (conditions, gate) => {
    const findings = [
      aHole({ baseline: 'new' }),
      aHole({ baseline: 'unchanged', severity: 'critical' }),
      aHole({ baseline: 'new', severity: 'medium' }),
      aHole({ baseline: 'new', status: 'accepted' }),
      aReportedFinding({ severity: 'high', baseline: 'new' }),
    ];
    expect(judge(conditions, MEASURED, findings).gate).toBe(gate);
  });

  it('has no verdict without thresholds', () => {
    expect(judge(null, MEASURED, [])).toEqual({ gate: null, gate_conditions: [] });
  });

  it('fails where something was not wholly looked at', () => {
    const partial = { ...MEASURED, incomplete_types: ['security'] as Category[] };
    expect(judge({ max_high: 1, min_score: 5 }, partial, []).gate).toBe('failed');
    expect(judge({ min_score: 5 }, partial, []).gate).toBe('passed');
    const untyped = { ...MEASURED, type_errors: null, incomplete_types: ['types'] as Category[] };
    expect(judge({ max_type_errors: 0 }, untyped, []).gate).toBe('failed');
  });

  it('fails what nobody measured, and says so', () => {
    const unknown = { ...MEASURED, coverage_percent: null };
    expect(judge({ min_coverage: 90, min_score: 1 }, unknown, [])).toEqual({
      gate: 'failed',
      gate_conditions: [
        { condition: 'min_score', threshold: 1, actual: 7.5, passed: true },
        { condition: 'min_coverage', threshold: 90, actual: null, passed: false },
      ],
    });
  });

  it('passes where there is nothing to measure: no analysis before, no types', () => {
    const first = { ...MEASURED, baseline: null, type_errors: null };
    expect(judge({ max_new_high: 0, max_type_errors: 0 }, first, [aHole()]).gate).toBe('passed');
  });

  it('has no verdict on what was not asked for', () => {
    const security = {
      ...MEASURED,
      ...{ quality_score: null, type_errors: null },
      ...{ analysis_types: ['security'] as Category[], answered_types: ['security'] as Category[] },
    };
    expect(judge({ min_score: 5, max_high: 0 }, security, []).gate).toBeNull();
    expect(judge({ min_score: 5, max_high: 0 }, security, [aHole()]).gate).toBe('failed');
  });
});

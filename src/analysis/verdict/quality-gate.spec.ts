import type { Category } from '../findings/finding.js';
import { aHole, aReportedFinding } from '../findings/finding.fixture.js';
import { judge, type GateConditions } from './quality-gate.js';

const MEASURED = {
  quality_score: 7.5,
  coverage_percent: 80,
  type_errors: 2,
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

  it('does not pass what was not wholly looked at', () => {
    const partial = { ...MEASURED, incomplete_types: ['security'] as Category[] };
    expect(judge({ max_high: 1, min_score: 5 }, partial, []).gate).toBeNull();
    expect(judge({ max_high: 0 }, partial, [aHole()]).gate).toBe('failed');
  });

  it('fails nothing that is not known, and says so', () => {
    expect(
      judge({ min_coverage: 90, min_score: 1 }, { ...MEASURED, coverage_percent: null }, []).gate,
    ).toBeNull();
    const unknown = { ...MEASURED, coverage_percent: null, baseline: null };
    expect(judge({ min_coverage: 90, max_new_high: 0 }, unknown, [aHole()])).toEqual({
      gate: null,
      gate_conditions: [
        { condition: 'min_coverage', threshold: 90, actual: null, passed: null },
        { condition: 'max_new_high', threshold: 0, actual: null, passed: null },
      ],
    });
  });
});

import { compareWith, type EarlierAnalysis, type FixedFinding } from './baseline.js';
import { aHole, aReportedFinding } from '../findings/finding.fixture.js';

const gone: FixedFinding = {
  rule_id: 'ssrf',
  engine: 'dataflow',
  issue: 'SSRF',
  severity: 'high',
  category: 'security',
  file: 'main.py',
  line: 3,
  fingerprint: 'gone',
};

const earlier: EarlierAnalysis = {
  id: '550e8400-e29b-41d4-a716-446655440000',
  timestamp: '2026-02-03T10:30:00.000Z',
  answered: new Set(['quality', 'security']),
  fingerprints: new Set(['gone', 'kept', 'typed']),
  files: new Set(['main.py']),
  shown: [
    gone,
    { ...gone, fingerprint: 'kept' },
    { ...gone, category: 'types', fingerprint: 'typed' },
  ],
};

describe(compareWith, () => {
  it('counts what is new, unchanged and fixed in the default view', () => {
    const findings = [
      aHole({ fingerprint: 'kept', baseline: 'unchanged' }),
      aHole({ fingerprint: 'fresh', baseline: 'new' }),
      aHole({ fingerprint: 'unsure', baseline: 'new', confidence: 'low' }),
      aReportedFinding({ fingerprint: 'smell', baseline: 'new' }),
    ];
    expect(compareWith(earlier, findings, new Set(['quality', 'security']))).toEqual({
      analysis_id: earlier.id,
      timestamp: earlier.timestamp,
      new: 2,
      unchanged: 1,
      fixed: 1,
      fixed_issues: [gone],
    });
  });

  it('takes nothing for fixed that is only hidden', () => {
    const findings = [aHole({ fingerprint: 'gone', status: 'accepted', baseline: 'unchanged' })];
    const shown = { ...earlier, shown: [gone] };
    expect(compareWith(shown, findings, new Set(['security']))?.fixed).toBe(0);
  });

  it('takes nothing for fixed that could not be looked at', () => {
    const shown = { ...earlier, shown: [gone] };
    const answered = new Set(['security' as const]);
    expect(compareWith(shown, [], answered, ({ file }) => file === 'main.py')?.fixed).toBe(0);
  });

  it('compares with nothing where there was no analysis', () => {
    expect(compareWith(null, [aHole()], new Set(['security']))).toBeNull();
  });
});

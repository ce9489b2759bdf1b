import fc from 'fast-check';
import {
  CATEGORIES,
  CONFIDENCES,
  FINDING_STATUSES,
  IMPACTS,
  SEVERITIES,
} from '../findings/finding.js';
import { aHole, aReportedFinding } from '../findings/finding.fixture.js';
import { scoreOf, SYNTAX_RULE } from './score.js';

const findings = fc.array(
  fc
    .record({
      rule_id: fc.constantFrom('F401', 'sql-injection', SYNTAX_RULE),
      category: fc.constantFrom(...CATEGORIES),
      impact: fc.constantFrom(...IMPACTS),
      severity: fc.constantFrom(...SEVERITIES),
      confidence: fc.constantFrom(...CONFIDENCES),
      status: fc.constantFrom(...FINDING_STATUSES),
      in_tests: fc.boolean(),
      effort_minutes: fc.integer({ min: 0, max: 60 }),
    })
    .map(aReportedFinding),
  { maxLength: 30 },
);
const lines = fc.integer({ min: 1, max: 500 });
const duplicated = fc.option(fc.integer({ min: 0, max: 100 }));

const size = (count: number, duplicatedPercent: number | null = null) => ({
  lines: count,
  duplicatedPercent,
});

function score(...args: Parameters<typeof scoreOf>): number {
  return scoreOf(...args)?.score ?? NaN;
}

describe(scoreOf, () => {
  it('never rises by one more finding', () => {
    fc.assert(
      fc.property(findings, findings, lines, duplicated, (some, more, n, percent) => {
        expect(score([...some, ...more], size(n, percent))).toBeLessThanOrEqual(
          score(some, size(n, percent)),
        );
      }),
    );
  });

  it('is the same for twice the project', () => {
    fc.assert(
      fc.property(findings, lines, duplicated, (some, n, percent) => {
        expect(score([...some, ...some], size(2 * n, percent))).toBe(score(some, size(n, percent)));
      }),
    );
  });

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(findings, lines, duplicated, (some, n, percent) => {
        expect(scoreOf(some.toReversed(), size(n, percent))).toEqual(
          scoreOf(some, size(n, percent)),
        );
      }),
    );
  });

  it('is from 0 to 10', () => {
    fc.assert(
      fc.property(findings, lines, duplicated, (some, n, percent) => {
        expect(score(some, size(n, percent))).toBeGreaterThanOrEqual(0);
        expect(score(some, size(n, percent))).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('is null where there is no line', () => {
    expect(scoreOf([], size(0))).toBeNull();
  });

  // 100 lines are worth 3,000 minutes.
  it.each([
    [0, 10, 'A'],
    [75, 9, 'A'],
    [150, 8, 'A'],
    [300, 6, 'B'],
    [600, 4, 'B'],
    [1500, 2, 'C'],
    [2250, 1, 'C'],
    [9000, 0, 'D'],
  ])('rates %d minutes of debt in 100 lines with %d', (minutes, expected, rating) => {
    const result = scoreOf([aReportedFinding({ effort_minutes: minutes })], size(100));
    expect(result?.breakdown.rating).toBe(rating);
    expect(result?.breakdown).toMatchObject({
      maintainability: expected,
      debt_minutes: minutes,
    });
  });

  it.each([
    [0, 10],
    [2, 8],
    [5, 6],
    [12, 4],
    [30, 2],
    [60, 0],
  ])('rates %d medium defects in 1,000 lines with %d', (count, expected) => {
    const defect = aReportedFinding({ impact: 'reliability', severity: 'medium' });
    const result = scoreOf(
      Array.from({ length: count }, () => defect),
      size(1000),
    );
    expect(result?.breakdown).toMatchObject({ reliability: expected, defect_density: count });
  });

  it.each([
    [0, 10],
    [3, 8],
    [10, 4],
    [100, 0],
  ])('rates %d %% duplicated lines with %d', (percent, expected) => {
    expect(scoreOf([], size(100, percent))?.breakdown.duplication).toBe(expected);
  });

  it('weighs what is known: maintainability 50, reliability 30, duplication 20', () => {
    const debt = aReportedFinding({ effort_minutes: 600 });
    expect(score([debt], size(100, 0))).toBe(7);
    expect(score([debt], size(100))).toBe(6.3);
  });

  it('is at most 4 above its weakest part', () => {
    const defects = Array.from({ length: 100 }, () =>
      aReportedFinding({ impact: 'reliability', severity: 'high', effort_minutes: 0 }),
    );
    expect(score(defects, size(1000, 0))).toBe(4);
  });

  it('takes what is suppressed or accepted for nothing', () => {
    const suppression = { marker: 'noqa', line: 1, reason: null };
    const silent = [
      aReportedFinding({ effort_minutes: 600, suppression }),
      aReportedFinding({ effort_minutes: 600, status: 'accepted' }),
      aHole({ status: 'false_positive' }),
    ];
    expect(score(silent, size(100))).toBe(10);
  });

  it.each([
    ['an open security issue of high severity', aHole(), 4],
    ['one of critical severity', aHole({ severity: 'critical' }), 2],
    ['a file that can not be parsed', aReportedFinding({ rule_id: SYNTAX_RULE }), 4],
    ['one of medium severity', aHole({ severity: 'medium' }), 10],
    ['one that is not sure', aHole({ confidence: 'medium' }), 10],
    ['one in tests', aHole({ in_tests: true }), 10],
    ['broken test data', aReportedFinding({ rule_id: SYNTAX_RULE, in_tests: true }), 10],
    [
      'a broken file that was accepted',
      aReportedFinding({ rule_id: SYNTAX_RULE, status: 'accepted' }),
      10,
    ],
  ])('allows with %s %#', (_, found, expected) => {
    expect(score([found], size(1_000_000))).toBe(expected);
  });

  it('names the cap that counts', () => {
    const both = [
      aHole(),
      aReportedFinding({ rule_id: SYNTAX_RULE }),
      aHole({ severity: 'critical' }),
    ];
    expect(scoreOf(both, size(100))?.breakdown).toMatchObject({
      cap: 2,
      capped_by: 'open security issues of critical severity',
    });
  });
});

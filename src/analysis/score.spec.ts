import fc from 'fast-check';
import { CATEGORIES, CONFIDENCES, SEVERITIES, type Finding } from './finding.js';
import { scoreOf, SYNTAX_RULE } from './score.js';

function finding(more: Partial<Finding> = {}): Finding {
  return {
    rule_id: 'F401',
    engine: 'ruff',
    category: 'quality',
    issue: 'Unused import',
    message: '`os` imported but unused',
    severity: 'low',
    confidence: 'high',
    file: 'main.py',
    line: 1,
    column: 1,
    end_line: 1,
    recommendation: 'Remove it',
    cwe: null,
    in_tests: false,
    effort_minutes: 1,
    ...more,
  };
}

const findings = fc.array(
  fc
    .record({
      rule_id: fc.constantFrom('F401', 'S608', SYNTAX_RULE),
      category: fc.constantFrom(...CATEGORIES),
      severity: fc.constantFrom(...SEVERITIES),
      confidence: fc.constantFrom(...CONFIDENCES),
      in_tests: fc.boolean(),
      effort_minutes: fc.integer({ min: 0, max: 60 }),
    })
    .map(finding),
  { maxLength: 30 },
);
const lines = fc.integer({ min: 1, max: 500 });

function score(...args: Parameters<typeof scoreOf>): number {
  return scoreOf(...args)?.score ?? NaN;
}

describe(scoreOf, () => {
  it('never rises by one more finding', () => {
    fc.assert(
      fc.property(findings, findings, lines, (some, more, n) => {
        expect(score([...some, ...more], n)).toBeLessThanOrEqual(score(some, n));
      }),
    );
  });

  it('is the same for twice the project', () => {
    fc.assert(
      fc.property(findings, lines, (some, n) => {
        expect(score([...some, ...some], 2 * n)).toBe(score(some, n));
      }),
    );
  });

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(findings, lines, (some, n) => {
        expect(scoreOf(some.toReversed(), n)).toEqual(scoreOf(some, n));
      }),
    );
  });

  it('is from 0 to 10', () => {
    fc.assert(
      fc.property(findings, lines, (some, n) => {
        expect(score(some, n)).toBeGreaterThanOrEqual(0);
        expect(score(some, n)).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('is null where there is no line', () => {
    expect(scoreOf([], 0)).toBeNull();
  });

  // 100 lines are worth 3,000 minutes.
  it.each([
    [0, 10, 'A'],
    [75, 9, 'A'],
    [150, 8, 'A'],
    [300, 6, 'B'],
    [600, 4, 'C'],
    [1500, 2, 'D'],
    [2250, 1, 'E'],
    [9000, 0, 'E'],
  ])('puts %d minutes of debt in 100 lines at %d (%s)', (minutes, expected, rating) => {
    const result = scoreOf([finding({ effort_minutes: minutes })], 100);
    expect(result).toMatchObject({ score: expected, breakdown: { rating, debt_minutes: minutes } });
  });

  const hole = finding({ category: 'security', rule_id: 'S608', severity: 'high' });

  it.each([
    ['an open security issue of high severity', hole, 4],
    ['one of critical severity', { ...hole, severity: 'critical' as const }, 2],
    ['a file that can not be parsed', finding({ rule_id: SYNTAX_RULE }), 4],
    ['one of medium severity', { ...hole, severity: 'medium' as const }, 10],
    ['an unsure one', { ...hole, confidence: 'low' as const }, 10],
    ['one in tests', { ...hole, in_tests: true }, 10],
  ])('allows with %s %#', (_, found, expected) => {
    expect(score([found], 1_000_000)).toBe(expected);
  });

  it('names the cap that counts', () => {
    const both = [
      hole,
      finding({ rule_id: SYNTAX_RULE }),
      { ...hole, severity: 'critical' as const },
    ];
    expect(scoreOf(both, 100)?.breakdown).toMatchObject({
      cap: 2,
      capped_by: 'open security issues of critical severity',
    });
  });
});

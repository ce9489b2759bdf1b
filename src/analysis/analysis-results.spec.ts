import { concludeFrom, type Gathered } from './analysis-results.js';
import type { Category, Finding } from './finding.js';

function finding(more: Partial<Finding>): Finding {
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

const injection = finding({
  rule_id: 'S608',
  category: 'security',
  issue: 'SQL Injection',
  severity: 'high',
  confidence: 'medium',
  line: 9,
  recommendation: 'Use parameterized queries',
  cwe: 'CWE-89',
});

function gathered(findings: Finding[], answered: Category[] = ['quality', 'security', 'types']) {
  return {
    asked: ['quality', 'security', 'types'],
    answered: new Set(answered),
    findings,
    engines: [],
    notes: [],
    lines: 100,
    coveragePercent: null,
    snapshotId: null,
  } satisfies Gathered;
}

describe(concludeFrom, () => {
  it('counts each category by itself', () => {
    const found = [finding({}), injection, finding({ category: 'types', engine: 'mypy' })];
    expect(concludeFrom(gathered(found))).toMatchObject({
      code_smells: 1,
      type_errors: 1,
      security_issues_total: 1,
      issues_total: 3,
      quality_score: 4,
    });
  });

  it('knows nothing of what no engine answered', () => {
    expect(concludeFrom(gathered([], []))).toMatchObject({
      code_smells: null,
      type_errors: null,
      quality_score: null,
      score_breakdown: null,
      security_issues: [],
    });
  });

  it('gives security issues with all that leads to them', () => {
    expect(concludeFrom(gathered([injection])).security_issues).toEqual([
      {
        issue: 'SQL Injection',
        severity: 'high',
        line: 9,
        recommendation: 'Use parameterized queries',
        file: 'main.py',
        column: 1,
        end_line: 1,
        rule_id: 'S608',
        engine: 'ruff',
        confidence: 'medium',
        cwe: 'CWE-89',
      },
    ]);
  });

  it.each([{ confidence: 'low' as const }, { in_tests: true }])(
    'shows a security finding with %j among the issues alone',
    (more) => {
      const results = concludeFrom(gathered([{ ...injection, ...more }]));
      expect(results).toMatchObject({ security_issues: [], issues_total: 1, recommendations: [] });
    },
  );

  it('is the same in whatever order the findings come', () => {
    const found = [finding({}), injection, finding({ file: 'a.py' }), finding({ line: 7 })];
    expect(concludeFrom(gathered(found.toReversed()))).toEqual(concludeFrom(gathered(found)));
  });

  it('recommends security first, then what costs most, with counts and places', () => {
    const found = [
      finding({ line: 3 }),
      finding({ line: 1 }),
      finding({ rule_id: 'C901', severity: 'medium', effort_minutes: 30, line: 40 }),
      finding({
        rule_id: 'B018',
        message: 'Found useless expression',
        effort_minutes: 10,
        line: 5,
      }),
      injection,
    ];
    expect(concludeFrom(gathered(found)).recommendations).toEqual([
      'SQL Injection: Use parameterized queries (S608: main.py:9)',
      'Split up functions that branch too much (C901: main.py:40)',
      'Found useless expression (B018: main.py:5)',
      'Remove unused imports (F401: 2 places, such as main.py:1)',
    ]);
  });

  it('bounds the list of issues and says how many there are', () => {
    const found = Array.from({ length: 1200 }, (_, index) => finding({ line: index + 1 }));
    const results = concludeFrom(gathered([...found, injection]));
    expect(results.issues).toHaveLength(1000);
    expect(results.issues_total).toBe(1201);
    expect(results.issues[0]).toEqual(injection);
  });
});

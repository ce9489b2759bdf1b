import { concludeFrom, type Gathered } from './analysis-results.js';
import { compareFindings, type Category, type ReportedFinding } from './findings/finding.js';
import { aHole, aReportedFinding } from './findings/finding.fixture.js';

function gathered(
  findings: ReportedFinding[],
  answered: Category[] = ['quality', 'security', 'types'],
): Gathered {
  return {
    asked: ['quality', 'security', 'types'],
    answered: new Set(answered),
    incomplete: new Set(),
    findings: findings.toSorted(compareFindings),
    engines: [],
    notes: [],
    metrics: { files: 1, lines: 100, languages: [], duplicated_lines: 0, duplicated_percent: 0 },
    coverage: null,
    baseline: null,
    snapshotId: null,
  };
}

describe(concludeFrom, () => {
  it('counts each category by itself', () => {
    const found = [
      aReportedFinding(),
      aHole(),
      aReportedFinding({ category: 'types', impact: 'reliability', engine: 'mypy' }),
      aReportedFinding({ impact: 'reliability', rule_id: 'F821' }),
    ];
    expect(concludeFrom(gathered(found))).toMatchObject({
      code_smells: 1,
      type_errors: 1,
      security_issues_total: 1,
      security_issues_by_severity: { critical: 0, high: 1, medium: 0, low: 0 },
      issues_total: 4,
      findings_total: 4,
      suppressed_total: 0,
      quality_score: 4,
    });
  });

  it('knows nothing of what no engine answered', () => {
    expect(concludeFrom(gathered([], []))).toMatchObject({
      answered_types: [],
      code_smells: null,
      type_errors: null,
      quality_score: null,
      score_breakdown: null,
      security_issues_total: null,
      security_issues_by_severity: null,
      issues_total: null,
      findings_total: null,
    });
  });

  it.each([
    { confidence: 'low' as const },
    { in_tests: true },
    { status: 'false_positive' as const },
    { suppression: { marker: 'nosec', line: 9, reason: null } },
  ])('counts a security finding with %j in the whole alone', (more) => {
    expect(concludeFrom(gathered([aHole(more)]))).toMatchObject({
      security_issues_total: 0,
      issues_total: 0,
      findings_total: 1,
      recommendations: [],
      quality_score: 10,
    });
  });

  it('counts what is silenced or decided about', () => {
    const found = [
      aHole({ status: 'accepted' }),
      aReportedFinding({ suppression: { marker: 'noqa', line: 1, reason: null } }),
      aReportedFinding(),
    ];
    expect(concludeFrom(gathered(found))).toMatchObject({ suppressed_total: 2, code_smells: 1 });
  });
});

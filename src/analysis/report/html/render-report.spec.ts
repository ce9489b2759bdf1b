import { createHash } from 'node:crypto';
import { aHole, aReportedFinding } from '../../findings/finding.fixture.js';
import { renderReport } from './render-report.js';
import type { ReportInput } from './report-input.js';

const HOSTILE = `</script></style><img src=x onerror=alert(1)>"'><svg onload=alert(1)>`;

describe(renderReport.name, () => {
  it('shows a finding with its source, its flow, its advice and its weakness', () => {
    const html = render({
      findings: [
        aHole({
          file: 'app/db.py',
          line: 2,
          column: 1,
          end_line: 2,
          recommendation: 'Use `?` and pass the value',
          trace: [
            { file: 'app/db.py', line: 1, column: 1, text: 'name = input()' },
            { file: 'app/db.py', line: 1, column: 1, text: 'input()' },
            { file: 'app/db.py', line: 2, column: 1, text: 'run(name)' },
          ],
        }),
      ],
      sourceOf: () => 'name = input()\nrun(name)\n',
    });
    expect(html).toContain('<span class="row hit" data-n="2"><mark>run</mark>(name)</span>');
    expect(html).toContain('<span class="row" data-n="1">name = input()</span>');
    expect(html).toContain('Use <code>?</code> and pass the value');
    expect(html).toContain('>CWE-89</a>');
    expect(rolesIn(html)).toEqual(['Enters', 'Does harm']);
  });

  it('puts findings where they belong', () => {
    const html = render({
      findings: [
        aHole({ issue: 'Sure hole' }),
        aHole({ issue: 'Unsure hole', rule_id: 'u', confidence: 'low' }),
        aHole({ issue: 'Hole in a test', rule_id: 't', in_tests: true }),
        aHole({
          issue: 'Judged hole',
          rule_id: 'j',
          status: 'accepted',
          fingerprint: 'a'.repeat(32),
        }),
        aReportedFinding({
          issue: 'Hushed smell',
          rule_id: 's',
          suppression: { marker: 'noqa', line: 1, reason: 'generated' },
        }),
        aReportedFinding({ issue: 'Open smell', rule_id: 'o' }),
        aReportedFinding({ issue: 'Open defect', rule_id: 'd', impact: 'reliability' }),
        aReportedFinding({
          issue: 'Type error',
          rule_id: 'e',
          category: 'types',
          impact: 'reliability',
        }),
      ],
      comments: new Map([['a'.repeat(32), 'the port is closed']]),
    });
    expect(issuesIn(partOf(html, 'id="kind-security"', 'id="kind-reliability"'))).toEqual([
      'Sure hole',
    ]);
    expect(issuesIn(partOf(html, 'id="kind-reliability"', 'id="kind-maintainability"'))).toEqual([
      'Open defect',
    ]);
    expect(issuesIn(partOf(html, 'id="kind-maintainability"', 'id="kind-types"'))).toEqual([
      'Open smell',
    ]);
    expect(issuesIn(partOf(html, 'id="kind-types"', 'id="unsure"'))).toEqual(['Type error']);
    expect(issuesIn(partOf(html, 'id="unsure"', 'id="silenced"'))).toEqual([
      'Unsure hole',
      'Hole in a test',
    ]);
    expect(issuesIn(partOf(html, 'id="silenced"', '</main>'))).toEqual([
      'Judged hole',
      'Hushed smell',
    ]);
    expect(html).toContain('Accepted as a risk: the port is closed');
    expect(html).toContain('Comment noqa in line 1: generated');
  });

  it('says why the score is what it is, and what the gate asks for', () => {
    const html = render({
      score: {
        value: 7.34,
        formula: 'f-1',
        summary: 'Capped',
        breakdown: [{ label: 'Debt', value: '3 h' }],
        explanation: ['By grid'],
      },
      gate: {
        status: 'failed',
        conditions: [
          { label: 'Coverage', actual: '70 %', threshold: 'at least 80 %', passed: false },
        ],
      },
    });
    expect(html).toContain('aria-label="Score 7.3 of 10, rating B"');
    expect(html).toContain('stroke-dasharray="73 200"');
    expect(html).toContain('<dt>Debt</dt><dd>3 h</dd>');
    expect(html).toContain('<h2>Quality gate failed</h2>');
    expect(html).toContain('Coverage: <strong>70 %</strong>');
    expect(html).toContain('not met');
    expect(html).toContain('<p>By grid</p>');
  });

  it('says unknown, never 0, of what is not known', () => {
    const html = render({
      counters: {
        security: null,
        code_smells: null,
        defects: null,
        type_errors: null,
        coverage: null,
        duplication_percent: null,
        lines: null,
      },
    });
    expect(html.match(/class="number unknown">unknown</g)).toHaveLength(7);
    expect(html).toContain('aria-label="No score: nothing to analyse"');
  });

  it('says of nothing found whether all engines looked', () => {
    expect(render({})).toContain('Nothing to act on was found.');
    const engine = {
      name: 'ruff',
      version: '1',
      status: 'failed',
      duration_ms: 1,
      files: 0,
      reason: 'crashed',
      skipped: [],
    } as const;
    expect(render({ engines: [engine] })).toContain('by the engines that ran to their end');
  });

  it('names what was skipped and why', () => {
    const skipped = Array.from({ length: 60 }, (_, index) => ({
      file: `f${index}.js`,
      reason: 'too long',
    }));
    const html = render({
      engines: [
        {
          name: 'oxlint',
          version: '1',
          status: 'completed',
          duration_ms: 1,
          files: 3,
          reason: null,
          skipped,
        },
      ],
      notes: ['2 files of Go are not analysed'],
    });
    expect(html).toContain('60 files skipped');
    expect(html).toContain('<span class="place">f49.js</span>: too long');
    expect(html).toContain('and 10 more');
    expect(html).toContain('<li>2 files of Go are not analysed</li>');
  });

  it('shows 500 findings and counts the others', () => {
    const findings = Array.from({ length: 700 }, (_, index) =>
      aReportedFinding({ line: index + 1, fingerprint: index.toString(16).padStart(32, '0') }),
    );
    const html = render({ findings, findings_total: 1_700 });
    expect(html.match(/class="item"/g)).toHaveLength(500);
    expect(html).toContain('<strong>1,200 findings are not in this report.</strong>');
    expect(html).toContain('<code>GET /api/analysis/1/issues</code>');
    expect(html).toContain('492 more places');
  });

  it('asks once for each file', () => {
    const asked: string[] = [];
    const sourceOf = (file: string) => void asked.push(file);
    render({ findings: [aHole(), aHole(), aHole({ file: 'b.py' })], sourceOf });
    expect(asked).toEqual(['main.py', 'b.py']);
  });

  it('keeps every text a text', () => {
    const html = render(hostileInput());
    expect(html.match(/<(script|style|img|svg)\b/g)).toEqual([
      '<style',
      '<svg',
      '<svg',
      '<svg',
      '<script',
    ]);
    expect(html.match(/<\/(script|style)>/g)).toEqual(['</style>', '</script>']);
    // What stands in quotes is a value: the names of attributes are left.
    expect(html.replace(/="[^"]*"/g, '')).not.toMatch(/<[^>]*\son\w+/);
    expect(html).toContain(
      '&lt;/script&gt;&lt;/style&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;',
    );
  });

  it('loads nothing, and runs only what its policy names', () => {
    const { html, contentSecurityPolicy: policy } = renderReport({
      ...aReport(),
      findings: [aHole()],
    });
    for (const name of ['script', 'style']) {
      const [, text = ''] = new RegExp(`<${name}>([^]*?)</${name}>`).exec(html) ?? [];
      expect(text.length).toBeGreaterThan(1_000);
      expect(policy).toContain(
        `${name}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`,
      );
    }
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(html).not.toMatch(/\s(src|style|srcset|action)=|<link|@import|url\(/);
    expect(html.match(/https?:\/\/[^"]+/g)).toEqual([
      'https://cwe.mitre.org/data/definitions/89.html',
    ]);
  });
});

function render(changes: Partial<ReportInput>): string {
  const findings = changes.findings ?? [];
  return renderReport({ ...aReport(), findings_total: findings.length, ...changes }).html;
}

function aReport(): ReportInput {
  return {
    analysis_id: '1',
    project_name: 'shop',
    requested_by: 'alice',
    status: 'completed',
    started_at: '2026-11-23T10:00:00.000Z',
    finished_at: '2026-11-23T10:00:04.250Z',
    product_version: '3.0.0',
    snapshot: null,
    analysis_types: ['quality'],
    score: { value: null, formula: null, summary: null, breakdown: [], explanation: [] },
    gate: null,
    counters: {
      security: { low: 0, medium: 0, high: 0, critical: 0 },
      code_smells: 0,
      defects: 0,
      type_errors: 0,
      coverage: null,
      duplication_percent: 0,
      lines: 10,
    },
    baseline: null,
    engines: [],
    recommendations: [],
    notes: [],
    findings: [],
    findings_total: 0,
    issues_url: '/api/analysis/1/issues',
    sourceOf: () => undefined,
    trend: [],
  };
}

/** With the hostile text wherever a text may come from code or people. */
function hostileInput(): Partial<ReportInput> {
  const step = { file: HOSTILE, line: 1, column: 3, text: HOSTILE };
  const finding = aHole({
    file: HOSTILE,
    line: 1,
    end_line: 1,
    rule_id: HOSTILE,
    engine: HOSTILE,
    issue: HOSTILE,
    message: HOSTILE,
    recommendation: `\`${HOSTILE}\``,
    cwe: HOSTILE,
    owasp: HOSTILE,
    fingerprint: HOSTILE,
    trace: [step, { ...step, line: 9 }],
  });
  const suppression = { marker: HOSTILE, line: 1, reason: HOSTILE };
  return {
    analysis_id: HOSTILE,
    project_name: HOSTILE,
    requested_by: HOSTILE,
    status: HOSTILE,
    started_at: HOSTILE,
    product_version: HOSTILE,
    snapshot: HOSTILE,
    analysis_types: [HOSTILE],
    score: {
      value: 5,
      formula: HOSTILE,
      summary: HOSTILE,
      breakdown: [{ label: HOSTILE, value: HOSTILE }],
      explanation: [HOSTILE],
    },
    gate: {
      status: null,
      conditions: [{ label: HOSTILE, actual: HOSTILE, threshold: HOSTILE, passed: null }],
    },
    engines: [
      {
        name: HOSTILE,
        version: HOSTILE,
        status: 'skipped',
        duration_ms: 0,
        files: 0,
        reason: HOSTILE,
        skipped: [{ file: HOSTILE, reason: HOSTILE }],
      },
    ],
    recommendations: [HOSTILE],
    notes: [HOSTILE],
    findings: [finding, { ...finding, suppression }, { ...finding, status: 'false_positive' }],
    findings_total: 9,
    issues_url: HOSTILE,
    comments: new Map([[HOSTILE, HOSTILE]]),
    sourceOf: () => HOSTILE,
    trend: [1, 2].map((score) => ({ analysis_id: HOSTILE, at: HOSTILE, score, open_issues: 1 })),
  };
}

function partOf(html: string, from: string, to: string): string {
  return html.slice(html.indexOf(from), html.indexOf(to));
}

function issuesIn(html: string): string[] {
  return [...html.matchAll(/<h4><span class="chip \w+">\w+<\/span> (.*?) <span/g)].map(
    ([, issue = '']) => issue,
  );
}

function rolesIn(html: string): string[] {
  return [...html.matchAll(/<span class="role">(.*?)<\/span>/g)].map(([, role = '']) => role);
}

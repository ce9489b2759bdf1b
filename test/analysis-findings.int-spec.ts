import { randomUUID } from 'node:crypto';
import type { FindingPageDto } from '../src/analysis/findings/finding.dto.js';
import type { TrendDto } from '../src/analysis/project/project-analyses.dto.js';
import { AnalysisApp, SLOW_MS } from './support/analysis-app.js';

const QUERY = `conn.execute(f"SELECT * FROM users WHERE name = '{name}'")`;
const MAIN = `import os
import json


def find(conn, name):
    return ${QUERY}
`;
/** Everything moved, one import gone, a new hole. */
const LATER = `"""Looks things up."""
import json

import pickle


def load(data):
    return pickle.loads(data)


def find(conn, name):
        return ${QUERY}
`;

let app: AnalysisApp;

beforeAll(async () => {
  app = await AnalysisApp.start();
}, SLOW_MS);

afterAll(() => app.stop());

function analysed(project_name: string, text: string, more: object = {}) {
  const analysis_types = ['quality', 'security'];
  return app.analysed({ project_name, files: { 'main.py': text }, analysis_types, ...more });
}

async function issues(id: string, query = ''): Promise<FindingPageDto> {
  const path = `/api/analysis/${id}/issues?${query}`;
  return (await app.call<FindingPageDto>('GET', path)).body;
}

describe('GET /api/analysis/{analysis_id}/issues', () => {
  it(
    'pages the findings, the worst first',
    async () => {
      const { analysis_id: id, issues_total: total } = await analysed('paged', MAIN);
      expect(total).toBe(3);
      const first = await issues(id, 'limit=2');
      const second = await issues(id, 'limit=2&offset=2');
      const beyond = await issues(id, 'limit=2&offset=9');
      expect([first, second, beyond].map((page) => page.total)).toEqual([3, 3, 3]);
      expect(beyond.issues).toEqual([]);
      expect([...first.issues, ...second.issues].map(({ rule_id }) => rule_id)).toEqual([
        'sql-injection',
        'F401',
        'F401',
      ]);
    },
    SLOW_MS,
  );

  it('filters', async () => {
    const { analysis_id: id } = await analysed('filtered', MAIN);
    const rules = async (query: string) =>
      (await issues(id, query)).issues.map(({ rule_id }) => rule_id);
    expect(await rules('category=security')).toEqual(['sql-injection']);
    expect(await rules('severity=low')).toEqual(['F401', 'F401']);
    expect(await rules('rule_id=F401&limit=1')).toEqual(['F401']);
    expect(await rules('cwe=CWE-89&engine=dataflow&confidence=medium')).toEqual(['sql-injection']);
    expect(await rules('file=main.py&category=security')).toEqual(['sql-injection']);
    expect(await rules('file=mai')).toEqual([]);
    expect(await rules('baseline=new')).toEqual([]);
  });

  it('gives each finding whole', async () => {
    const { analysis_id: id } = await analysed('whole', MAIN);
    const [hole] = (await issues(id, 'category=security')).issues;
    expect(hole).toEqual({
      rule_id: 'sql-injection',
      engine: 'dataflow',
      category: 'security',
      impact: 'security',
      issue: expect.any(String) as string,
      message: expect.any(String) as string,
      severity: 'critical',
      confidence: 'medium',
      file: 'main.py',
      line: 6,
      column: 12,
      end_line: 6,
      recommendation: expect.stringContaining('parameters') as string,
      cwe: 'CWE-89',
      owasp: expect.stringContaining('A03:2021') as string,
      trace: expect.arrayContaining([
        { file: 'main.py', line: 5, column: 16, text: 'name' },
      ]) as unknown[],
      effort_minutes: expect.any(Number) as number,
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      in_tests: false,
      status: 'open',
      comment: null,
      suppression: null,
      baseline: null,
    });
  });

  it.each(['severity=bad', 'limit=0', 'all=perhaps', 'cwe=89'])(
    'answers 422 for %s',
    async (query) => {
      const path = `/api/analysis/${randomUUID()}/issues?${query}`;
      expect((await app.call('GET', path)).status).toBe(422);
    },
  );

  it('is for readers of the analysis alone', async () => {
    const { analysis_id: id } = await analysed('private', 'x = 1\n');
    const paths = ['issues', 'sarif', 'report'].map((name) => `/api/analysis/${id}/${name}`);
    const { token: stranger } = await app.user('user');
    const { token: viewer } = await app.user('viewer');
    for (const path of paths) {
      expect((await app.fetch(path, {}, stranger)).status).toBe(403);
      expect((await app.fetch(path, {}, viewer)).status).toBe(200);
    }
  });

  it('answers 409 where there are no findings yet', async () => {
    const id = randomUUID();
    await app.sql(
      `INSERT INTO tasks (id, kind, owner, project_name, input, status, finished_at)
       VALUES ($1, 'analysis', $2, 'x', '{"analysis_types": []}', 'cancelled', now())`,
      [id, app.username],
    );
    for (const name of ['issues', 'sarif', 'report']) {
      expect((await app.call('GET', `/api/analysis/${id}/${name}`)).status).toBe(409);
    }
  });
});

describe('the baseline', () => {
  it('tells new from unchanged and fixed findings, also after lines moved', async () => {
    const first = await analysed('moving', MAIN);
    expect(first.baseline).toBeNull();
    const second = await analysed('moving', LATER);
    expect(second.baseline).toMatchObject({ analysis_id: first.analysis_id, fixed: 1 });
    expect(second.baseline?.fixed_issues).toEqual([
      expect.objectContaining({ rule_id: 'F401', line: 1, file: 'main.py' }),
    ]);
    const states = second.issues.map(({ rule_id, baseline }) => [rule_id, baseline]);
    expect(states).toEqual(
      expect.arrayContaining([
        ['sql-injection', 'unchanged'],
        ['unsafe-deserialisation', 'new'],
        ['F401', 'unchanged'],
      ]),
    );
    const fresh = await issues(second.analysis_id, 'baseline=new&category=security');
    expect(fresh.issues.map(({ rule_id }) => rule_id)).toEqual(['unsafe-deserialisation']);
  });

  it('compares only what both looked for', async () => {
    await analysed('partial', MAIN, { analysis_types: ['quality'] });
    const second = await analysed('partial', MAIN);
    expect(second.baseline).toBeNull();
    const third = await analysed('partial', 'x = 1\n', { analysis_types: ['quality'] });
    expect(third.baseline).toMatchObject({ analysis_id: second.analysis_id, fixed: 2 });
  });
});

describe('PATCH /api/projects/{name}/findings/{fingerprint}', () => {
  it('is remembered, and lifts score and counts', async () => {
    const first = await analysed('decided', MAIN);
    const hole = first.security_issues[0];
    const path = `/api/projects/decided/findings/${hole?.fingerprint}`;
    const decision = { status: 'false_positive', comment: 'name is a constant' };
    const { status, body } = await app.call<object>('PATCH', path, app.token, decision);
    expect([status, body]).toEqual([
      200,
      {
        fingerprint: hole?.fingerprint,
        ...decision,
        marked_by: app.username,
        marked_at: expect.stringMatching(/Z$/) as string,
      },
    ]);
    const [now] = (await issues(first.analysis_id, 'category=security')).issues;
    expect(now).toMatchObject(decision);

    const second = await analysed('decided', MAIN);
    expect(second).toMatchObject({ security_issues: [], security_issues_total: 0 });
    expect(second.suppressed).toEqual([
      expect.objectContaining({ rule_id: 'sql-injection', ...decision }),
    ]);

    await app.call('PATCH', path, app.token, { status: 'open' });
    expect((await analysed('decided', MAIN)).security_issues_total).toBe(1);
  });

  it(
    'holds on in a file that gets another name',
    async () => {
      const again = async (files: Record<string, string>) => {
        await app.upload('renamed', files);
        const analysis_types = ['quality', 'security'];
        return app.analysed({ project_name: 'renamed', analysis_types });
      };
      const [hole] = (await again({ 'main.py': MAIN })).security_issues;
      const decision = { status: 'accepted', comment: 'Internal' };
      const path = `/api/projects/renamed/findings/${hole?.fingerprint}`;
      await app.call('PATCH', path, app.token, decision);
      const renamed = await again({ 'find/lookup.py': MAIN });
      expect(renamed.baseline).toMatchObject({ new: 0, unchanged: 2, fixed: 0 });
      const later = await again({ 'find/lookup.py': `${MAIN}\n` });
      for (const { suppressed } of [renamed, later]) {
        expect(suppressed).toEqual([
          expect.objectContaining({ file: 'find/lookup.py', baseline: 'unchanged', ...decision }),
        ]);
      }
    },
    SLOW_MS,
  );

  it.each([
    [422, 'an unknown status', { status: 'gone' }, 'f'.repeat(32)],
    [422, 'a comment that is too long', { status: 'open', comment: 'x'.repeat(2001) }, undefined],
    [422, 'what is no fingerprint', { status: 'open' }, 'nothing'],
    [404, 'a finding that is none', { status: 'open' }, 'f'.repeat(32)],
  ])('answers %d for %s', async (status, _, body, fingerprint = 'a'.repeat(32)) => {
    const path = `/api/projects/decided/findings/${fingerprint}`;
    expect((await app.call('PATCH', path, app.token, body)).status).toBe(status);
  });

  it('refuses strangers and viewers', async () => {
    const { security_issues: found } = await analysed('guarded', MAIN);
    const path = `/api/projects/guarded/findings/${found[0]?.fingerprint}?user=${app.username}`;
    for (const role of ['user', 'viewer']) {
      const { token } = await app.user(role);
      expect((await app.call('PATCH', path, token, { status: 'accepted' })).status).toBe(403);
    }
    const admin = await app.admin();
    expect((await app.call('PATCH', path, admin, { status: 'accepted' })).status).toBe(200);
  });
});

describe('suppression comments', () => {
  it('are honoured, and listed with their reason', async () => {
    const text = [
      'import os  # noqa: F401 -- plugins look for it',
      'import json',
      '',
      '',
      'def find(conn, name):',
      `    return ${QUERY}  # nosec B608`,
      '',
    ].join('\n');
    const analysis = await analysed('silent', text);
    expect(analysis).toMatchObject({ code_smells: 1, security_issues_total: 0 });
    expect(analysis.suppressed_total).toBe(2);
    expect(analysis.suppressed.map(({ rule_id, suppression }) => [rule_id, suppression])).toEqual([
      ['sql-injection', { marker: 'nosec', line: 6, reason: null }],
      ['F401', { marker: 'noqa', line: 1, reason: 'plugins look for it' }],
    ]);
  });
});

describe('the quality gate', () => {
  it('passes or fails later analyses', async () => {
    await analysed('gated', 'x = 1\n');
    const path = '/api/projects/gated/gate';
    expect((await app.call('GET', path)).body).toEqual({});
    const conditions = { min_score: 5, max_new_high: 0 };
    const put = await app.call('PUT', path, app.token, conditions);
    expect([put.status, put.body]).toEqual([200, conditions]);
    expect((await app.call('GET', path)).body).toEqual(conditions);

    expect(await analysed('gated', 'x = 2\n')).toMatchObject({ gate: 'passed' });
    const failed = await analysed('gated', MAIN);
    expect(failed.gate).toBe('failed');
    expect(failed.gate_conditions).toContainEqual({
      condition: 'max_new_high',
      threshold: 0,
      actual: 1,
      passed: false,
    });

    expect((await app.call('PUT', path, app.token, {})).body).toEqual({});
    expect((await analysed('gated', MAIN)).gate).toBeNull();
  });

  it.each([{ min_score: 11 }, { max_high: 0.5 }, { max_high: -1 }, { min_stars: 3 }])(
    'refuses %j',
    async (conditions) => {
      const { status } = await app.call('PUT', '/api/projects/gated/gate', app.token, conditions);
      expect(status).toBe(422);
    },
  );

  it('is of a project that exists', async () => {
    const { status } = await app.call('PUT', '/api/projects/none/gate', app.token, {});
    expect(status).toBe(404);
  });
});

describe('coverage', () => {
  it('comes from a report in the source, matched by path', async () => {
    const lcov = 'SF:/ci/build/app/main.py\nDA:1,1\nDA:2,0\nDA:5,1\nDA:6,1\nend_of_record\n';
    const files = { 'app/main.py': MAIN, 'coverage/lcov.info': lcov };
    const analysis = await app.analysed({ project_name: 'covered', files });
    expect(analysis).toMatchObject({
      coverage_percent: 75,
      coverage: { source: 'lcov', report: 'coverage/lcov.info', lines: 4, covered: 3 },
    });
  });

  it('is null, never 0, where nothing is known', async () => {
    const files = { 'app/main.py': MAIN, 'coverage/lcov.info': 'SF:other.py\nDA:1,0\n' };
    expect(await app.analysed({ project_name: 'uncovered', files })).toMatchObject({
      coverage_percent: null,
      coverage: null,
    });
  });
});

describe('a second analysis', () => {
  it('asks the engines only about what changed', async () => {
    const files = { 'a.py': MAIN, 'b.py': MAIN.replace('find', 'search') };
    const types = { project_name: 'cached', analysis_types: ['quality', 'security'] };
    const first = await app.analysed({ ...types, files });
    const again = await app.analysed({ ...types, files });
    const changed = await app.analysed({ ...types, files: { ...files, 'b.py': LATER } });
    const unchangedOf = ({ engines }: typeof first) =>
      engines
        .filter(({ name }) => ['ruff', 'dataflow'].includes(name))
        .map(({ files_unchanged: unchanged, files: all }) => [unchanged, all]);
    expect([first, again, changed].map(unchangedOf)).toEqual([
      [
        [0, 2],
        [0, 2],
      ],
      [
        [2, 2],
        [2, 2],
      ],
      [
        [1, 2],
        [1, 2],
      ],
    ]);
    expect(again.issues.map(({ fingerprint }) => fingerprint)).toEqual(
      first.issues.map(({ fingerprint }) => fingerprint),
    );
  });
});

describe('GET /api/projects/{name}/trend and badge.svg', () => {
  it('follow the completed analyses of the source', async () => {
    const ofSource = { project_name: 'trendy', analysis_types: ['quality', 'security'] };
    await app.upload('trendy', { 'main.py': MAIN });
    await app.analysed(ofSource);
    await app.upload('trendy', { 'main.py': 'x = 1\n' });
    const last = await app.analysed(ofSource);
    await analysed('trendy', MAIN);
    const { body } = await app.call<TrendDto>('GET', '/api/projects/trendy/trend');
    expect(body.project_name).toBe('trendy');
    expect(body.analyses).toHaveLength(2);
    expect(body.analyses[1]).toEqual({
      analysis_id: last.analysis_id,
      timestamp: last.timestamp,
      snapshot: last.snapshot,
      quality_score: 10,
      security_issues: 0,
      issues: 0,
      code_smells: 0,
      type_errors: null,
      coverage_percent: null,
      duplicated_percent: 0,
      lines: 1,
      gate: null,
    });
    await app.analysed({ ...ofSource, analysis_types: ['security'] });
    const badge = await app.fetch('/api/projects/trendy/badge.svg');
    expect(badge.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(await badge.text()).toContain('10');
  });

  it('shows in the project as well', async () => {
    await app.upload('stored', { 'main.py': MAIN });
    const analysis = await app.analysed({ project_name: 'stored', analysis_types: ['quality'] });
    const { body } = await app.call<{ trend: object[] }>('GET', '/api/projects/stored');
    expect(body.trend).toEqual([
      expect.objectContaining({
        analysis_id: analysis.analysis_id,
        snapshot: analysis.snapshot,
        code_smells: 2,
        security_issues: null,
      }),
    ]);
  });

  it('go with the project, and the decisions and the gate with them', async () => {
    await app.upload('passing', { 'main.py': MAIN });
    const request = { project_name: 'passing', analysis_types: ['security'] };
    const { security_issues: found } = await app.analysed(request);
    const path = `/api/projects/passing/findings/${found[0]?.fingerprint}`;
    await app.call('PATCH', path, app.token, { status: 'accepted' });
    await app.call('PUT', '/api/projects/passing/gate', app.token, { max_high: 0 });
    expect((await app.call('DELETE', '/api/projects/passing')).status).toBe(200);

    await app.upload('passing', { 'main.py': MAIN });
    expect(await app.analysed(request)).toMatchObject({
      gate: null,
      baseline: null,
      security_issues_total: 1,
    });
  });

  it('are of a project that exists, for its readers', async () => {
    expect((await app.call('GET', '/api/projects/none/trend')).status).toBe(404);
    const { token } = await app.user('user');
    const path = `/api/projects/trendy/badge.svg?user=${app.username}`;
    expect((await app.fetch(path, {}, token)).status).toBe(403);
  });
});

describe('GET /api/analysis/{analysis_id}/sarif and report', () => {
  it('give the findings to tools and to people', async () => {
    const { analysis_id: id } = await analysed('reported', MAIN);
    const sarif = await app.fetch(`/api/analysis/${id}/sarif`);
    expect(sarif.headers.get('content-type')).toMatch(/^application\/sarif\+json/);
    const log = (await sarif.json()) as { version: string; runs: { results: object[] }[] };
    expect(log.version).toBe('2.1.0');
    expect(log.runs[0]?.results).toHaveLength(3);

    const report = await app.fetch(`/api/analysis/${id}/report`);
    expect(report.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(report.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await report.text();
    expect(html).toContain('SELECT * FROM users');
    expect(html).not.toMatch(/src=|<link|@import|url\(/);
  });
});

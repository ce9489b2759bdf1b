import { randomUUID } from 'node:crypto';
import type { AnalysisDto } from '../src/analysis/analysis.dto.js';
import { AnalysisApp, SLOW_MS } from './support/analysis-app.js';

const MAIN = `import os
import subprocess


def find(conn, name):
    return conn.execute(f"SELECT * FROM users WHERE name = '{name}'")


def run(command):
    subprocess.run(command, shell=True, check=True)


def add(a: int, b: int) -> int:
    return str(a + b)


total: int = add("1", 2)
`;
const APP = `export function twice(value: number): string {
  return value * 2;
}
`;
const FLAWED = { 'app/main.py': MAIN, 'web/app.ts': APP };

/** Of all engines, in the order of results. */
const ENGINES = ['ruff', 'oxlint', 'duplicates', 'dataflow', 'mypy', 'typescript'];

let app: AnalysisApp;

beforeAll(async () => {
  app = await AnalysisApp.start();
}, SLOW_MS);

afterAll(() => app.stop());

describe('POST /api/analysis/', () => {
  it('answers at once with every field, unknown ones null', async () => {
    const { status, body } = await app.analyse({ project_name: 'at-once', files: FLAWED });
    const { started_at: startedAt } = body; // A worker may be that fast.
    expect(startedAt === null).toBe(body.status === 'initializing');
    expect(status).toBe(202);
    expect(body).toEqual({
      analysis_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      project_name: 'at-once',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      performed_by: expect.stringMatching(/^u-/) as string,
      status: expect.stringMatching(/^(initializing|running)$/) as string,
      progress: expect.any(Number) as number,
      analysis_types: ['quality', 'security', 'types'],
      incomplete_types: [],
      quality_score: null,
      score_breakdown: null,
      security_issues: [],
      security_issues_total: null,
      security_issues_by_severity: null,
      code_smells: null,
      defects: null,
      type_errors: null,
      coverage_percent: null,
      coverage: null,
      recommendations: [],
      issues: [],
      issues_total: null,
      findings_total: null,
      suppressed: [],
      suppressed_total: null,
      metrics: null,
      baseline: null,
      gate: null,
      gate_conditions: [],
      engines: [],
      notes: [],
      snapshot: null,
      error: null,
      started_at: startedAt,
      finished_at: null,
      stopped_in_ms: null,
    });
  });

  it(
    'finds the flaws at their lines',
    async () => {
      const analysis = await app.analysed({ project_name: 'flawed', files: FLAWED });
      expect(analysis).toMatchObject({ status: 'completed', progress: 100, error: null });
      const places = analysis.issues.map(({ engine, rule_id, file, line }) =>
        [engine, rule_id, file, line].join(' '),
      );
      expect(places).toEqual([
        'dataflow sql-injection app/main.py 6',
        'dataflow command-injection app/main.py 10',
        'mypy return-value app/main.py 14',
        'mypy arg-type app/main.py 17',
        'typescript TS2322 web/app.ts 2',
        'ruff F401 app/main.py 1',
      ]);
      expect(analysis.security_issues).toEqual([
        expect.objectContaining({
          rule_id: 'sql-injection',
          cwe: 'CWE-89',
          line: 6,
        }),
        expect.objectContaining({ rule_id: 'command-injection', cwe: 'CWE-78', line: 10 }),
      ]);
      expect(analysis).toMatchObject({
        code_smells: 1,
        type_errors: 3,
        coverage_percent: null,
        metrics: { files: 2, duplicated_lines: 0, duplicated_percent: 0 },
        notes: [],
      });
      const fared = analysis.engines.map(({ name, status, reason }) => [name, status, reason]);
      expect(fared).toEqual(ENGINES.map((name) => [name, 'completed', null]));
    },
    SLOW_MS,
  );

  it('leaves out what was not asked for', async () => {
    const types = await app.analysed({
      project_name: 'x',
      files: FLAWED,
      analysis_types: ['types'],
    });
    expect(types).toMatchObject({
      type_errors: 3,
      code_smells: null,
      quality_score: null,
      security_issues: [],
    });
    expect(types.engines.map(({ name }) => name)).toEqual(['mypy', 'typescript']);
    const quality = await app.analysed({
      project_name: 'x',
      files: FLAWED,
      analysis_types: ['quality'],
    });
    expect(quality).toMatchObject({ type_errors: null, code_smells: 1, security_issues: [] });
    expect(quality.quality_score).toBeGreaterThan(9);
  });

  it("runs nothing of the project's and loads none of its configuration", async () => {
    const forgery = `import os, sys\nprint('[]')\nos._exit(0)\n`;
    const names = ['ruff', 'mypy', 'typing', 'mypy_extensions', 'sitecustomize', 'plugin'];
    const analysis = await app.analysed({
      project_name: 'hostile',
      files: {
        ...FLAWED,
        ...Object.fromEntries(names.map((name) => [`${name}.py`, forgery])),
        'mypy.ini': '[mypy]\nplugins = plugin.py\nignore_errors = True\n',
        'ruff.toml': 'lint.ignore = ["ALL"]\n',
        '.gitignore': 'app/\n',
      },
    });
    const found = analysis.issues.filter(({ file }) => file === 'app/main.py');
    expect(found.map(({ rule_id }) => rule_id)).toEqual([
      ...['sql-injection', 'command-injection', 'return-value', 'arg-type', 'F401'],
    ]);
  });

  it('goes on without a file that can not be parsed, and says so', async () => {
    const files = { ...FLAWED, 'a.py': 'def (', 'b.py': 'x = )' };
    const analysis = await app.analysed({ project_name: 'broken', files });
    expect(analysis.type_errors).toBe(3);
    expect(analysis.engines.find(({ name }) => name === 'mypy')).toMatchObject({
      status: 'completed',
      files: 1,
      skipped_total: 2,
    });
    expect(analysis.recommendations.join()).toContain('Mend the syntax errors');
  });

  it('follows data through JavaScript as well', async () => {
    const text = [
      "const express = require('express');",
      "const { exec } = require('child_process');",
      'const app = express();',
      "app.get('/', (req, res) => {",
      '  const command = `ls ${req.query.folder}`;',
      '  exec(command, (error, out) => res.send(out));',
      '});',
    ].join('\n');
    const analysis = await app.analysed({ project_name: 'js', files: { 'app.js': text } });
    expect(analysis.security_issues).toContainEqual(
      expect.objectContaining({ cwe: 'CWE-78', confidence: 'high', file: 'app.js', line: 6 }),
    );
    expect(analysis.type_errors).toBeNull();
  });

  it('completes with nothing known where there is no code for its engines', async () => {
    const analysis = await app.analysed({ project_name: 'go', files: { 'a.go': 'package main' } });
    expect(analysis).toMatchObject({
      status: 'completed',
      quality_score: null,
      code_smells: null,
      type_errors: null,
      security_issues_total: null,
      notes: ['1 file of Go not analysed: there is no engine for it'],
    });
  });

  it("analyses the project's source as it was when the analysis was accepted", async () => {
    const first = await app.upload('moving', FLAWED);
    const { body } = await app.analyse({ project_name: 'moving' });
    expect(body.snapshot).toBe(first);
    await app.upload('moving', { 'main.py': 'x = 1\n' });
    await app.watch(body.analysis_id).closed;
    const { body: ended } = await app.call('GET', `/api/analysis/${body.analysis_id}`);
    expect(ended).toMatchObject({ status: 'completed', security_issues_total: 2 });
  });

  it('takes coverage from the build that made the source, and from no other', async () => {
    const project = 'built';
    const snapshot = await app.upload(project, { 'main.py': 'x = 1\n' });
    const build = await asBuilt(snapshot, { test_coverage: 93.8, snapshot });
    const byProject = await app.analysed({ project_name: project });
    const byBuild = await app.analysed({ project_name: project, build_id: build });
    expect([byProject, byBuild].map((analysis) => analysis.coverage_percent)).toEqual([93.8, 93.8]);
    await app.upload(project, { 'main.py': 'x = 2\n' });
    expect((await app.analysed({ project_name: project })).coverage_percent).toBeNull();
  });

  it("refuses another user's build, and another project's", async () => {
    const snapshot = await app.upload('private', { 'main.py': 'x = 1\n' });
    const build_id = await asBuilt(snapshot, { snapshot });
    const stranger = (await app.user('user')).token;
    const bodies = { project_name: 'private', build_id };
    expect((await app.analyse(bodies, {}, stranger)).status).toBe(403);
    expect((await app.analyse({ ...bodies, project_name: 'other' })).status).toBe(422);
    expect((await app.analyse({ ...bodies, build_id: randomUUID() })).status).toBe(404);
  });

  it('answers 404 where there is no source, and makes no project', async () => {
    const { status, body } = await app.analyse({ project_name: 'nowhere' });
    expect([status, body]).toEqual([
      404,
      expect.objectContaining({
        detail: 'No source for this project: upload some, build it, or send files',
      }),
    ]);
    await app.analysed({ project_name: 'nowhere', files: { 'a.py': 'x = 1\n' } });
    expect((await app.call('GET', '/api/projects/nowhere')).status).toBe(404);
  });

  it('refuses a viewer', async () => {
    const viewer = (await app.user('viewer')).token;
    const { status } = await app.analyse({ project_name: 'x', files: FLAWED }, {}, viewer);
    expect(status).toBe(403);
  });

  it.each([
    [422, 'an unknown type', { analysis_types: ['style'] }],
    [422, 'types that are no list', { analysis_types: 'types' }],
    [422, 'an id that is no UUID', { build_id: 'x' }],
    [422, 'files that are no texts', { files: { 'a.py': 1 } }],
    [422, 'a list of files', { files: ['a.py'] }],
    [422, 'an unknown field', { deep: true }],
    [400, 'no files', { files: {} }],
    [400, 'a path that leads out', { files: { '../a.py': '' } }],
    [400, 'a file that is a folder too', { files: { a: '', 'a/b': '' } }],
  ])('answers %d for %s', async (status, _, more) => {
    expect((await app.analyse({ project_name: 'x', ...more })).status).toBe(status);
  });

  it('answers with the first analysis for the same key and body, whatever came between', async () => {
    await app.upload('twice', FLAWED);
    const headers = { 'Idempotency-Key': randomUUID() };
    const first = await app.analyse({ project_name: 'twice' }, headers);
    await app.upload('twice', { 'main.py': '' });
    const second = await app.analyse({ project_name: 'twice' }, headers);
    expect(second.body.analysis_id).toBe(first.body.analysis_id);
    const other = await app.analyse({ project_name: 'twice', analysis_types: ['types'] }, headers);
    expect(other.status).toBe(409);
  });

  it('holds the answer for as long as is preferred', async () => {
    const body = { project_name: 'x', files: FLAWED };
    const held = await app.analyse(body, { Prefer: 'wait=600' });
    expect(held.headers.get('preference-applied')).toBe('wait=60');
    expect(held.body.status).toBe('completed');
    const none = await app.analyse(body, { Prefer: 'wait=0' });
    expect(none.headers.get('preference-applied')).toBe('wait=0');
    expect(none.status).toBe(202);
    expect((await app.analyse(body)).headers.has('preference-applied')).toBe(false);
  });
});

describe('WS /api/ws/analysis/{analysis_id}', () => {
  it('tells each engine, and ends with the results', async () => {
    const { body } = await app.analyse({ project_name: 'x', files: FLAWED });
    const stream = app.watch(body.analysis_id);
    expect((await stream.closed).code).toBe(1000);
    const stored = stream.messages.filter(({ seq }) => seq !== undefined);
    expect(stream.seqs).toEqual(stored.map((_, index) => index + 1));
    for (const message of stored) {
      expect(message).toMatchObject({ analysis_id: body.analysis_id, task_id: body.analysis_id });
    }
    const steps = stored.flatMap(
      ({ data }) => (data as { current_step: string })?.current_step ?? [],
    );
    expect(steps).toEqual(
      expect.arrayContaining([
        'Running ruff',
        'Running mypy',
        'ruff: completed',
        'mypy: completed',
      ]),
    );
    expect(stored.at(-1)).toMatchObject({
      type: 'completion',
      status: 'completed',
      results: { type_errors: 3, security_issues_total: 2 },
    });
  });
});

describe('GET /api/analysis/', () => {
  it('pages and filters, and shows only the own ones', async () => {
    const bob = (await app.user('user')).token;
    for (const project_name of ['one', 'two', 'one']) {
      await app.analysed({ project_name, files: FLAWED }, bob);
    }
    const path = '/api/analysis/?project_name=one&status=completed&limit=1';
    const { body } = await app.call<{ analyses: AnalysisDto[] }>('GET', path, bob);
    expect(body).toMatchObject({ total: 2, limit: 1, offset: 0 });
    expect(body.analyses).toHaveLength(1);
    expect(body.analyses[0]).toMatchObject({ project_name: 'one', issues_total: 6 });
    expect(body.analyses[0]).not.toHaveProperty('issues');
    const stranger = (await app.user('user')).token;
    expect((await app.call('GET', '/api/analysis', stranger)).body).toMatchObject({ total: 0 });
  });
});

describe('GET /api/analysis/{analysis_id}', () => {
  it('shows an analysis to its owner, admins and viewers alone', async () => {
    const { body } = await app.analyse({ project_name: 'x', files: FLAWED });
    const path = `/api/analysis/${body.analysis_id}`;
    const readers = [
      app.token,
      (await app.user('viewer')).token,
      await app.admin(),
      (await app.user('user')).token,
    ];
    const answers = await Promise.all(readers.map((reader) => app.call('GET', path, reader)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 403]);
    expect((await app.call('GET', `/api/analysis/${randomUUID()}`)).status).toBe(404);
    expect((await app.call('GET', '/api/analysis/x')).status).toBe(422);
  });
});

describe('DELETE /api/analysis/{analysis_id}', () => {
  /** Enough for mypy to be busy for seconds. */
  const LARGE = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`m${index}.py`, MAIN.repeat(20)]),
  );

  it(
    'stops the engines within two seconds',
    async () => {
      await app.upload('large', LARGE);
      const { body } = await app.analyse({ project_name: 'large' });
      const stream = app.watch(body.analysis_id);
      // Ruff is through with them while mypy is not: one engine that ran, and one that runs.
      await stream.until(({ data }) => (data as { status?: string })?.status === 'completed');
      const path = `/api/analysis/${body.analysis_id}`;
      const cancelled = await app.call<{ message: string }>('DELETE', path);
      expect([cancelled.status, cancelled.body]).toEqual([
        200,
        { message: 'Analysis task cancelled successfully' },
      ]);
      expect((await stream.closed).code).toBe(1000);
      expect(stream.messages.at(-1)).toMatchObject({ type: 'cancelled', status: 'cancelled' });
      const stoppedInMs = await stoppedIn(body.analysis_id);
      expect(stoppedInMs).toBeLessThan(2000);
      expect((await app.call('DELETE', path)).status).toBe(409);
    },
    SLOW_MS,
  );

  it('refuses strangers and viewers', async () => {
    const { body } = await app.analyse({ project_name: 'x', files: FLAWED });
    const path = `/api/analysis/${body.analysis_id}`;
    expect((await app.call('DELETE', path, (await app.user('user')).token)).status).toBe(403);
    expect((await app.call('DELETE', path, (await app.user('viewer')).token)).status).toBe(403);
  });
});

describe('without a Python toolchain', () => {
  let bare: AnalysisApp;

  beforeAll(async () => {
    bare = await AnalysisApp.start({ PYTHON: '/nowhere/python3', LOG_LEVEL: 'silent' });
  }, SLOW_MS);

  afterAll(() => bare.stop());

  it(
    'checks the types by another engine, and all else by the same ones',
    async () => {
      const analysis = await bare.analysed({ project_name: 'x', files: FLAWED });
      expect(analysis).toMatchObject({
        status: 'completed',
        security_issues_total: 2,
        code_smells: 1,
        type_errors: 3,
      });
      const names = analysis.engines.filter(({ status }) => status === 'completed');
      expect(names.map(({ name }) => name)).toContain('pyright');
      expect(names.map(({ name }) => name)).not.toContain('mypy');
    },
    SLOW_MS,
  );
});

/** Turns a project's snapshot into one that a completed build made. */
async function asBuilt(snapshot: string, results: object): Promise<string> {
  const id = randomUUID();
  await app.sql(
    `INSERT INTO tasks (id, kind, owner, project_name, input, status, progress, results, finished_at)
     SELECT $1, 'build', p.owner, p.name, '{}', 'completed', 100, $3, now()
     FROM snapshots s JOIN projects p ON p.id = s.project_id WHERE s.id = $2`,
    [id, snapshot, JSON.stringify(results)],
  );
  await app.sql('UPDATE snapshots SET task_id = $1 WHERE id = $2', [id, snapshot]);
  return id;
}

/** Polls: the worker writes it when all is dead, after the last event. */
async function stoppedIn(id: string): Promise<number> {
  for (;;) {
    const { body } = await app.call('GET', `/api/analysis/${id}`);
    if (body.stopped_in_ms !== null) {
      return body.stopped_in_ms;
    }
  }
}

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { AnalysisDto } from '../src/analysis/analysis.dto.js';
import { startServer, type RunningServer } from '../src/server.js';
import { createTestDatabase, type TestDatabase } from './support/postgres.js';
import { StreamWatcher } from './support/stream-watcher.js';

/** Making the toolchain may be part of the first analysis. */
const SLOW_MS = 180_000;
const PASSWORD = 'correct horse battery';

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
const FLAWED = { 'app/main.py': MAIN, 'web/app.ts': 'const a: number = 1;\n' };

let database: TestDatabase;
let dataDir: string;
let server: RunningServer;
let alice: string;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'goalsmith-analysis-'));
  server = await startServer(environment(database));
  alice = await user('user');
}, SLOW_MS);

afterAll(async () => {
  await server.stop();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

function environment({ url }: TestDatabase): Record<string, string> {
  return {
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: url,
    TOOLCHAIN_DIR: join(tmpdir(), 'goalsmith-test-toolchains'),
    LOG_LEVEL: 'error',
    ADMIN_PASSWORD: PASSWORD,
    WORKER_CONCURRENCY: '4',
    RATE_LIMIT_GLOBAL: '0',
    RATE_LIMIT_BUILD: '0',
    RATE_LIMIT_ANALYSIS: '0',
  };
}

interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

async function call<T = AnalysisDto>(
  method: string,
  path: string,
  token: string | null,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(new URL(path, server.url), {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { status } = response;
  return { status, headers: response.headers, body: (await response.json()) as T };
}

async function logIn(username: string): Promise<string> {
  const credentials = { username, password: PASSWORD };
  const { body } = await call<{ access_token: string }>('POST', '/auth/login', null, credentials);
  return body.access_token;
}

async function user(role: string): Promise<string> {
  const username = `u-${randomUUID().slice(0, 8)}`;
  const created = { username, password: PASSWORD, role };
  expect((await call('POST', '/auth/users/', await logIn('admin'), created)).status).toBe(201);
  return logIn(username);
}

function analyse(body: object, headers: Record<string, string> = {}, token = alice) {
  return call('POST', '/api/analysis/', token, body, headers);
}

/** The analysis at its end. */
async function analysed(body: object, token = alice): Promise<AnalysisDto> {
  let { body: analysis } = await analyse(body, { Prefer: 'wait=60' }, token);
  while (['initializing', 'running'].includes(analysis.status)) {
    await watch(analysis.analysis_id, token).closed;
    ({ body: analysis } = await call('GET', `/api/analysis/${analysis.analysis_id}`, token));
  }
  return analysis;
}

function watch(id: string, token = alice): StreamWatcher {
  const url = new URL(`/api/ws/analysis/${id}?token=${token}`, server.url);
  url.protocol = 'ws:';
  return new StreamWatcher(url.href);
}

async function upload(project: string, files: Record<string, string>, token = alice) {
  const path = `/api/projects/${project}/source`;
  const { body } = await call<{ id: string }>('PUT', path, token, { files });
  return body.id;
}

describe('POST /api/analysis/', () => {
  it('answers at once with every field, unknown ones null', async () => {
    const { status, body } = await analyse({ project_name: 'at-once', files: FLAWED });
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
      queue_position: startedAt === null ? 0 : null,
      analysis_types: ['quality', 'security', 'types'],
      quality_score: null,
      score_breakdown: null,
      security_issues: [],
      security_issues_total: null,
      code_smells: null,
      type_errors: null,
      coverage_percent: null,
      recommendations: [],
      issues: [],
      issues_total: null,
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
      const analysis = await analysed({ project_name: 'flawed', files: FLAWED });
      expect(analysis).toMatchObject({ status: 'completed', progress: 100, error: null });
      const places = analysis.issues.map(({ engine, rule_id, file, line }) =>
        [engine, rule_id, file, line].join(' '),
      );
      expect(places).toEqual([
        'dataflow sql-injection app/main.py 6',
        'dataflow command-injection app/main.py 10',
        'mypy return-value app/main.py 14',
        'mypy arg-type app/main.py 17',
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
        type_errors: 2,
        quality_score: 2,
        coverage_percent: null,
        notes: [],
      });
      expect(analysis.engines).toEqual([
        expect.objectContaining({ name: 'ruff', status: 'completed', files: 1, reason: null }),
        expect.objectContaining({ name: 'dataflow', status: 'completed', files: 2, reason: null }),
        expect.objectContaining({ name: 'mypy', status: 'completed', files: 1, reason: null }),
      ]);
    },
    SLOW_MS,
  );

  it('leaves out what was not asked for', async () => {
    const types = await analysed({ project_name: 'x', files: FLAWED, analysis_types: ['types'] });
    expect(types).toMatchObject({
      type_errors: 2,
      code_smells: null,
      quality_score: null,
      security_issues: [],
    });
    expect(types.engines.map(({ name }) => name)).toEqual(['mypy']);
    const quality = await analysed({
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
    const analysis = await analysed({
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
    expect(analysis.engines[2]?.reason).toContain('mypy_extensions.py');
  });

  it('goes on without a file that can not be parsed, and says so', async () => {
    const files = { ...FLAWED, 'a.py': 'def (', 'b.py': 'x = )' };
    const analysis = await analysed({ project_name: 'broken', files });
    expect(analysis.type_errors).toBe(2);
    expect(analysis.engines[2]).toMatchObject({
      status: 'completed',
      files: 1,
      reason: "2 files can't be read by mypy: a.py, b.py",
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
    const analysis = await analysed({ project_name: 'js', files: { 'app.js': text } });
    expect(analysis.security_issues).toContainEqual(
      expect.objectContaining({ cwe: 'CWE-78', confidence: 'high', file: 'app.js', line: 6 }),
    );
    expect(analysis).toMatchObject({ quality_score: null, type_errors: null });
  });

  it('completes with nothing known where there is no code for its engines', async () => {
    const analysis = await analysed({ project_name: 'go', files: { 'a.go': 'package main' } });
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
    const first = await upload('moving', FLAWED);
    const { body } = await analyse({ project_name: 'moving' });
    expect(body.snapshot).toBe(first);
    await upload('moving', { 'main.py': 'x = 1\n' });
    await watch(body.analysis_id).closed;
    const { body: ended } = await call('GET', `/api/analysis/${body.analysis_id}`, alice);
    expect(ended).toMatchObject({ status: 'completed', security_issues_total: 2 });
  });

  it('takes coverage from the build that made the source, and from no other', async () => {
    const project = 'built';
    const snapshot = await upload(project, { 'main.py': 'x = 1\n' });
    const build = await asBuilt(snapshot, { test_coverage: 93.8, snapshot });
    const byProject = await analysed({ project_name: project });
    const byBuild = await analysed({ project_name: project, build_id: build });
    expect([byProject, byBuild].map((analysis) => analysis.coverage_percent)).toEqual([93.8, 93.8]);
    await upload(project, { 'main.py': 'x = 2\n' });
    expect((await analysed({ project_name: project })).coverage_percent).toBeNull();
  });

  it("refuses another user's build, and another project's", async () => {
    const snapshot = await upload('private', { 'main.py': 'x = 1\n' });
    const build_id = await asBuilt(snapshot, { snapshot });
    const stranger = await user('user');
    const bodies = { project_name: 'private', build_id };
    expect((await analyse(bodies, {}, stranger)).status).toBe(403);
    expect((await analyse({ ...bodies, project_name: 'other' })).status).toBe(422);
    expect((await analyse({ ...bodies, build_id: randomUUID() })).status).toBe(404);
  });

  it('answers 404 where there is no source, and makes no project', async () => {
    const { status, body } = await analyse({ project_name: 'nowhere' });
    expect([status, body]).toEqual([
      404,
      expect.objectContaining({
        detail: 'No source for this project: upload some, build it, or send files',
      }),
    ]);
    await analysed({ project_name: 'nowhere', files: { 'a.py': 'x = 1\n' } });
    expect((await call('GET', '/api/projects/nowhere', alice)).status).toBe(404);
  });

  it('refuses a viewer', async () => {
    const viewer = await user('viewer');
    const { status } = await analyse({ project_name: 'x', files: FLAWED }, {}, viewer);
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
    expect((await analyse({ project_name: 'x', ...more })).status).toBe(status);
  });

  it('answers with the first analysis for the same key and body, whatever came between', async () => {
    await upload('twice', FLAWED);
    const headers = { 'Idempotency-Key': randomUUID() };
    const first = await analyse({ project_name: 'twice' }, headers);
    await upload('twice', { 'main.py': '' });
    const second = await analyse({ project_name: 'twice' }, headers);
    expect(second.body.analysis_id).toBe(first.body.analysis_id);
    const other = await analyse({ project_name: 'twice', analysis_types: ['types'] }, headers);
    expect(other.status).toBe(409);
  });

  it('holds the answer for as long as is preferred', async () => {
    const body = { project_name: 'x', files: FLAWED };
    const held = await analyse(body, { Prefer: 'wait=600' });
    expect(held.headers.get('preference-applied')).toBe('wait=60');
    expect(held.body.status).toBe('completed');
    const none = await analyse(body, { Prefer: 'wait=0' });
    expect(none.headers.get('preference-applied')).toBe('wait=0');
    expect(none.status).toBe(202);
    expect((await analyse(body)).headers.has('preference-applied')).toBe(false);
  });
});

describe('WS /api/ws/analysis/{analysis_id}', () => {
  it('tells each engine, and ends with the results', async () => {
    const { body } = await analyse({ project_name: 'x', files: FLAWED });
    const stream = watch(body.analysis_id);
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
      results: { type_errors: 2, security_issues_total: 2 },
    });
  });
});

describe('GET /api/analysis/', () => {
  it('pages and filters, and shows only the own ones', async () => {
    const bob = await user('user');
    for (const project_name of ['one', 'two', 'one']) {
      await analysed({ project_name, files: FLAWED }, bob);
    }
    const path = '/api/analysis/?project_name=one&status=completed&limit=1';
    const { body } = await call<{ analyses: AnalysisDto[] }>('GET', path, bob);
    expect(body).toMatchObject({ total: 2, limit: 1, offset: 0 });
    expect(body.analyses).toHaveLength(1);
    expect(body.analyses[0]).toMatchObject({ project_name: 'one', issues_total: 5 });
    expect(body.analyses[0]).not.toHaveProperty('issues');
    const stranger = await user('user');
    expect((await call('GET', '/api/analysis', stranger)).body).toMatchObject({ total: 0 });
  });
});

describe('GET /api/analysis/{analysis_id}', () => {
  it('shows an analysis to its owner, admins and viewers alone', async () => {
    const { body } = await analyse({ project_name: 'x', files: FLAWED });
    const path = `/api/analysis/${body.analysis_id}`;
    const readers = [alice, await user('viewer'), await logIn('admin'), await user('user')];
    const answers = await Promise.all(readers.map((reader) => call('GET', path, reader)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 403]);
    expect((await call('GET', `/api/analysis/${randomUUID()}`, alice)).status).toBe(404);
    expect((await call('GET', '/api/analysis/x', alice)).status).toBe(422);
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
      await upload('large', LARGE);
      const { body } = await analyse({ project_name: 'large' });
      const stream = watch(body.analysis_id);
      // Ruff is through with them while mypy is not: one engine that ran, and one that runs.
      await stream.until(({ data }) => (data as { status?: string })?.status === 'completed');
      const path = `/api/analysis/${body.analysis_id}`;
      const cancelled = await call<{ message: string }>('DELETE', path, alice);
      expect([cancelled.status, cancelled.body]).toEqual([
        200,
        { message: 'Analysis task cancelled successfully' },
      ]);
      expect((await stream.closed).code).toBe(1000);
      expect(stream.messages.at(-1)).toMatchObject({ type: 'cancelled', status: 'cancelled' });
      const stoppedInMs = await stoppedIn(body.analysis_id);
      expect(stoppedInMs).toBeLessThan(2000);
      expect((await call('DELETE', path, alice)).status).toBe(409);
    },
    SLOW_MS,
  );

  it('refuses strangers and viewers', async () => {
    const { body } = await analyse({ project_name: 'x', files: FLAWED });
    const path = `/api/analysis/${body.analysis_id}`;
    expect((await call('DELETE', path, await user('user'))).status).toBe(403);
    expect((await call('DELETE', path, await user('viewer'))).status).toBe(403);
  });
});

describe('without a Python toolchain', () => {
  let other: TestDatabase;
  let bare: RunningServer;

  beforeAll(async () => {
    other = await createTestDatabase();
    bare = await startServer({
      ...environment(other),
      PYTHON: '/nowhere/python3',
      LOG_LEVEL: 'silent',
    });
  });

  afterAll(async () => {
    await bare.stop();
    await other.drop();
  });

  async function send(method: string, path: string, body: object, headers = {}) {
    const response = await fetch(new URL(path, bare.url), {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return (await response.json()) as AnalysisDto & { access_token: string };
  }

  it('tells what the other engines found, and why nothing is known of the rest', async () => {
    const credentials = { username: 'admin', password: PASSWORD };
    const { access_token: token } = await send('POST', '/auth/login', credentials);
    const body = { project_name: 'x', files: FLAWED };
    const headers = { Authorization: `Bearer ${token}`, Prefer: 'wait=30' };
    const analysis = await send('POST', '/api/analysis/', body, headers);
    expect(analysis).toMatchObject({
      status: 'completed',
      security_issues_total: 2,
      quality_score: null,
      code_smells: null,
      type_errors: null,
    });
    expect(analysis.engines.map(({ name, status }) => [name, status])).toEqual([
      ['ruff', 'skipped'],
      ['dataflow', 'completed'],
      ['mypy', 'skipped'],
    ]);
    expect(analysis.engines[0]?.reason).toMatch(/^No Python can check code/);
  });
});

/** Turns a project's snapshot into one that a completed build made. */
async function asBuilt(snapshot: string, results: object): Promise<string> {
  const id = randomUUID();
  await sql(
    `INSERT INTO tasks (id, kind, owner, project_name, input, status, progress, results, finished_at)
     SELECT $1, 'build', p.owner, p.name, '{}', 'completed', 100, $3, now()
     FROM snapshots s JOIN projects p ON p.id = s.project_id WHERE s.id = $2`,
    [id, snapshot, JSON.stringify(results)],
  );
  await sql('UPDATE snapshots SET task_id = $1 WHERE id = $2', [id, snapshot]);
  return id;
}

/** Polls: the worker writes it when all is dead, after the last event. */
async function stoppedIn(id: string): Promise<number> {
  for (;;) {
    const { body } = await call('GET', `/api/analysis/${id}`, alice);
    if (body.stopped_in_ms !== null) {
      return body.stopped_in_ms;
    }
  }
}

async function sql(text: string, values: unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(text, values);
  } finally {
    await client.end();
  }
}

import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../src/infra/database/database.js';
import { createArchive } from '../src/projects/artifacts/archive.js';
import { SnapshotStore } from '../src/projects/snapshots/snapshot-store.js';
import { startProjectsApp, type ProjectsApp } from './support/projects-app.js';

const FIRST = {
  'README.md': 'one\n',
  'a/b/c.txt': 'deep\n',
  'a.txt': 'sorted before the folder\n',
  'a-b/x': 'sorted between\n',
  'ü n ï.txt': 'é\n',
  empty: '',
  'run.sh': '#!/bin/sh\n',
};

let projects: ProjectsApp;
let folder: string;

beforeAll(async () => {
  projects = await startProjectsApp({});
});

afterAll(() => projects.close());

beforeEach(async () => {
  await projects.empty();
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function upload(files: Record<string, string | Buffer>): Promise<string> {
  const tree = new Map(
    Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]),
  );
  const body = await createArchive('tar.gz', 'shop', tree);
  const answer = await projects.request('alice', 'PUT', '/shop/source', body, 'application/gzip');
  expect(answer.status).toBe(201);
  return (answer.json as { id: string }).id;
}

async function build(goal: string, files: Record<string, string>): Promise<string> {
  const taskId = randomUUID();
  await projects.execute(
    `INSERT INTO tasks (id, kind, owner, project_name, status, input)
     VALUES ($1, 'build', 'alice', 'shop', 'completed', $2)`,
    [taskId, { goal }],
  );
  const store = projects.app.get(SnapshotStore);
  await projects.app.get(Database).transaction(async (tx) => {
    const project = await store.ensureProject(tx, 'alice', 'shop');
    const id = await store.write(tx, {
      projectId: project.id,
      parentId: project.headSnapshotId,
      taskId,
      author: 'alice',
      files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
      generation: 'itself',
    });
    await store.moveHead(tx, project.id, id);
  });
  return taskId;
}

function git(...args: string[]): string {
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    .toString()
    .trim();
}

async function clone(): Promise<Buffer> {
  const { status, headers, bytes } = await projects.request(
    'alice',
    'GET',
    '/shop/repository.bundle',
  );
  expect([status, headers.get('content-disposition')]).toEqual([
    200,
    `attachment; filename="shop.bundle"; filename*=UTF-8''shop.bundle`,
  ]);
  writeFileSync(join(folder, 'shop.bundle'), bytes);
  git('-c', 'transfer.fsckObjects=true', 'clone', '--quiet', 'shop.bundle', 'shop');
  return bytes;
}

/** What lies in the clone's work tree. */
function workTree(): Record<string, Buffer> {
  const root = join(folder, 'shop');
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !path.startsWith('.git') && statSync(join(root, path)).isFile(),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path))]));
}

function asBuffers(files: Record<string, string | Buffer>): Record<string, Buffer> {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]),
  );
}

describe('GET /api/projects/{name}/repository.bundle', () => {
  it('is a repository with a commit for each snapshot, to the byte', async () => {
    const first = await upload(FIRST);
    const made = { ...FIRST, 'README.md': 'two\n', 'a/new.py': 'x = 1\n' };
    const taskId = await build('\n  Count words: "é"\nand more', made);
    const second = { 'only.bin': randomBytes(300_000) };
    await upload(second);
    await projects.request('root', 'POST', '/shop/restore?user=alice', { snapshot: first });

    await clone();

    const log = git('-C', 'shop', 'log', '--format=%an <%ae> %s', 'main').split('\n');
    expect(log).toEqual([
      'root <root@goalsmith.invalid> Restore',
      'alice <alice@goalsmith.invalid> Upload',
      'alice <alice@goalsmith.invalid> Count words: "é"',
      'alice <alice@goalsmith.invalid> Upload',
    ]);
    expect(git('-C', 'shop', 'log', '-1', '--skip=2', '--format=%(trailers:key=Build)')).toBe(
      `Build: ${taskId}`,
    );
    expect(git('-C', 'shop', 'log', '-1', '--skip=3', '--format=%(trailers:key=Snapshot)')).toBe(
      `Snapshot: ${first}`,
    );
    for (const [commit, files] of Object.entries({
      'main~3': FIRST,
      'main~2': made,
      'main~1': second,
      main: FIRST,
    })) {
      git('-C', 'shop', 'checkout', '--quiet', commit);
      expect(workTree()).toEqual(asBuffers(files));
    }
    expect(git('-C', 'shop', 'fsck', '--strict', '--full')).toBe('');
    expect(git('-C', 'shop', 'branch', '-a', '--format=%(refname:short)').split('\n')).toContain(
      'main',
    );
  });

  it('gives the same bytes each time, and the same commits as the line grows', async () => {
    await upload(FIRST);
    const once = await clone();
    const { bytes: again } = await projects.request('alice', 'GET', '/shop/repository.bundle');
    expect(again.equals(once)).toBe(true);
    const [{ at } = {}] = await projects.execute(
      'SELECT floor(extract(epoch FROM created_at))::int AS at FROM snapshots',
    );
    expect(git('-C', 'shop', 'log', '--format=%at %ct %ai')).toMatch(
      new RegExp(`^${String(at)} ${String(at)} .* \\+0000$`),
    );
    const tip = git('-C', 'shop', 'rev-parse', 'main');

    await upload({ ...FIRST, more: 'x' });
    writeFileSync(
      join(folder, 'newer.bundle'),
      (await projects.request('alice', 'GET', '/shop/repository.bundle')).bytes,
    );

    git('-C', 'shop', 'pull', '--quiet', '--ff-only', '../newer.bundle', 'main');
    expect(git('-C', 'shop', 'rev-parse', 'main~1')).toBe(tip);
  });

  it('holds contents larger than a batch, each once', async () => {
    const large = randomBytes(4_500_000);
    await upload({ a: large, b: large, c: randomBytes(3_000_000) });
    await upload({ a: large, d: 'x' });

    const bytes = await clone();

    expect(bytes.length).toBeLessThan(8_000_000);
    // Byte by byte would take jest most of a minute.
    const { a, ...rest } = workTree();
    expect(a?.equals(large)).toBe(true);
    expect(rest).toEqual({ d: Buffer.from('x') });
  });

  it('is for those who may read the project', async () => {
    await upload(FIRST);
    const asked = async (user: string, query = '') =>
      (await projects.request(user, 'GET', `/shop/repository.bundle${query}`)).status;

    expect(await asked('bob')).toBe(404);
    expect(await asked('bob', '?user=alice')).toBe(403);
    expect(await asked('auditor', '?user=alice')).toBe(200);
    expect(await asked('nobody')).toBe(401);
  });

  it('says that a line is too long', async () => {
    await upload(FIRST);
    await projects.execute(`
      WITH RECURSIVE s AS (
        SELECT 1 AS n, gen_random_uuid() AS id, head_snapshot_id AS parent, id AS project FROM projects
        UNION ALL SELECT n + 1, gen_random_uuid(), id, project FROM s WHERE n < 2000),
      added AS (
        INSERT INTO snapshots (id, project_id, parent_id, author, file_count, total_bytes)
        SELECT id, project, parent, 'alice', 0, 0 FROM s RETURNING id)
      UPDATE projects SET head_snapshot_id = (SELECT id FROM s WHERE n = 2000)`);

    expect(await projects.request('alice', 'GET', '/shop/repository.bundle')).toMatchObject({
      status: 413,
      json: {
        error: 'payload_too_large',
        detail: expect.stringMatching(/^The project's line has more than 2000 snapshots: /),
      },
    });
  });
});

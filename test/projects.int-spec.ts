import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../src/infra/database/database.js';
import type { INestApplication } from '@nestjs/common';
import { createArchive } from '../src/projects/artifacts/archive.js';
import type { Generation } from '../src/projects/snapshots/generations.js';
import { SnapshotSweeper } from '../src/projects/snapshots/snapshot-sweeper.js';
import { SnapshotStore } from '../src/projects/snapshots/snapshot-store.js';
import { rawTarGz, rawZip, type RawZipEntry } from '../src/projects/upload/raw-archives.fixture.js';
import { startProjectsApp, type ProjectsApp } from './support/projects-app.js';

const QUOTA_BYTES = 3 * 1024 * 1024;
const UUID = /^[0-9a-f-]{36}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const GOOD = { name: 'good.txt', content: 'is refused with the rest' };

/** Seven files of a megabyte each in a few kilobytes. */
function bomb(): RawZipEntry[] {
  return Array.from({ length: 7 }, (_, index) => ({
    name: `f${index}`,
    content: Buffer.alloc(1024 * 1024),
  }));
}

let projects: ProjectsApp;
let app: INestApplication;

beforeAll(async () => {
  projects = await startProjectsApp({
    QUOTA_STORED_BYTES: String(QUOTA_BYTES),
    MAX_UPLOAD_BYTES: '2MiB',
  });
  ({ app } = projects);
});

afterAll(() => projects.close());

beforeEach(() => projects.empty());

const request: ProjectsApp['request'] = (...args) => projects.request(...args);
const execute: ProjectsApp['execute'] = (...args) => projects.execute(...args);

/** Uploads, and gives the snapshot's id. */
async function upload(user: string, name: string, files: Record<string, string>): Promise<string> {
  const answer = await request(user, 'PUT', `/${name}/source`, { files });
  expect(answer.status).toBe(201);
  return (answer.json as { id: string }).id;
}

async function addTask(owner: string, project: string, status: string): Promise<string> {
  const id = randomUUID();
  await execute(
    `INSERT INTO tasks (id, kind, owner, project_name, status, input) VALUES ($1, 'build', $2, $3, $4, '{}')`,
    [id, owner, project, status],
  );
  return id;
}

async function pathsOf(user: string, path: string): Promise<string[]> {
  const { json } = await request(user, 'GET', path);
  return (json as { files: { path: string }[] }).files.map((file) => file.path);
}

function failure(error: string, status: number, detail: string, more: object = {}) {
  return {
    status,
    json: { error, detail, status_code: status, timestamp: expect.stringMatching(TIME), ...more },
  };
}

const NOT_YOURS = failure('forbidden', 403, "Not authorized for another user's projects");

describe('PUT /api/projects/{name}/source', () => {
  const files = new Map([
    ['main.py', Buffer.from('print("é")\n')],
    ['data/logo.bin', Buffer.from([0, 1, 255])],
  ]);

  it.each([
    ['zip', 'application/zip'],
    ['tar.gz', 'application/gzip'],
    ['tar.gz', 'application/octet-stream'],
  ] as const)('stores the files of a %s sent as %s', async (format, contentType) => {
    const body = await createArchive(format, 'shop', files);

    const answer = await request('alice', 'PUT', '/shop/source', body, contentType);

    expect(answer).toMatchObject({
      status: 201,
      json: {
        id: expect.stringMatching(UUID),
        parent: null,
        task_id: null,
        restored_from: null,
        generated: null,
        author: 'alice',
        created_at: expect.stringMatching(TIME),
        file_count: 2,
        total_bytes: 15,
      },
    });
    expect((await request('alice', 'GET', '/shop/files/data/logo.bin')).bytes).toEqual(
      files.get('data/logo.bin'),
    );
  });

  it('puts each upload on top of the one before', async () => {
    const first = await upload('alice', 'shop', { a: '1' });
    const second = await upload('alice', 'shop', { b: '2' });

    expect((await request('alice', 'GET', '/shop')).json).toEqual({
      name: 'shop',
      owner: 'alice',
      created_at: expect.stringMatching(TIME),
      head: expect.objectContaining({ id: second, parent: first }),
      total: 2,
      limit: 20,
      offset: 0,
      snapshots: [
        expect.objectContaining({ id: second, parent: first, file_count: 1, total_bytes: 1 }),
        expect.objectContaining({ id: first, parent: null }),
      ],
      trend: [],
    });
    expect((await request('alice', 'GET', '/shop?limit=1&offset=1')).json).toMatchObject({
      total: 2,
      snapshots: [{ id: first }],
    });
  });

  it('keeps every one of several uploads at once in the line', async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        upload('alice', 'shop', { f: String(index), same: 's' }),
      ),
    );

    expect((await request('alice', 'GET', '/shop')).json).toMatchObject({ total: 8 });
    expect(await execute('SELECT count(*)::int AS count FROM blobs')).toEqual([{ count: 9 }]);
  });

  it('stores the same content once', async () => {
    await upload('alice', 'shop', { a: 'same', b: 'same', c: 'other' });
    await upload('bob', 'store', { z: 'same' });

    expect(await execute('SELECT content FROM blobs ORDER BY content')).toEqual([
      { content: Buffer.from('other') },
      { content: Buffer.from('same') },
    ]);
  });

  it('leaves nothing behind when it refuses', async () => {
    const answer = await request('alice', 'PUT', '/shop/source', { files: { a: '', '../b': '' } });

    expect(answer).toMatchObject(
      failure('bad_request', 400, 'A path leads out of its folder (..)'),
    );
    expect(await execute('SELECT * FROM projects')).toEqual([]);
    expect(await execute('SELECT * FROM blobs')).toEqual([]);
  });

  it.each<[string, Buffer, string]>([
    ['a link', rawZip([GOOD, { name: 'link', mode: 0o120777 }]), 'application/zip'],
    ['a path out of its folder', rawZip([GOOD, { name: '../x' }]), 'application/zip'],
    ['an absolute path', rawTarGz([GOOD, { name: '/etc/x' }]), 'application/gzip'],
    ['a hard link', rawTarGz([GOOD, { name: 'l', type: '1', linkName: 'a' }]), 'application/gzip'],
    ['a device', rawTarGz([GOOD, { name: 'sda', type: '4' }]), 'application/gzip'],
    ['a pipe', rawTarGz([GOOD, { name: 'pipe', type: '6' }]), 'application/gzip'],
    ['too many folders', rawTarGz([GOOD, { name: 'd/'.repeat(40) + 'f' }]), 'application/gzip'],
    ['a damaged end', rawTarGz([GOOD]).subarray(0, 60), 'application/gzip'],
    ['a bomb', rawZip(bomb()), 'application/zip'],
  ])('leaves nothing behind of an archive with %s', async (_, archive, type) => {
    const kept = await upload('alice', 'shop', { a: 'kept' });

    const answers = [
      await request('alice', 'PUT', '/shop/source', archive, type),
      await request('alice', 'PUT', '/other/source', archive, type),
    ];

    expect(answers.map(({ status }) => [400, 413].includes(status))).toEqual([true, true]);
    expect(await execute('SELECT name, head_snapshot_id AS head FROM projects')).toEqual([
      { name: 'shop', head: kept },
    ]);
    expect(await execute('SELECT id FROM snapshots')).toEqual([{ id: kept }]);
    expect(await execute('SELECT content FROM blobs')).toEqual([{ content: Buffer.from('kept') }]);
  });

  it('refuses what exceeds the quota of the owner, also for uploads at once', async () => {
    const mebibyte = 'x'.repeat(1024 * 1024);
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((name) =>
        request('alice', 'PUT', `/${name}/source`, { files: { name, big: mebibyte.slice(1024) } }),
      ),
    );

    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 201, 201, 413, 413]);
    expect(answers.find((answer) => answer.status === 413)).toMatchObject(
      failure(
        'payload_too_large',
        413,
        "The project's owner may store 3 MiB in all snapshots together, and this one would exceed that: delete a project, or ask for a higher quota",
      ),
    );
    await upload('bob', 'a', { a: '1' });
  });

  it('refuses a body over the limit', async () => {
    const body = Buffer.alloc(2 * 1024 * 1024 + 1);

    expect(await request('alice', 'PUT', '/shop/source', body, 'application/zip')).toMatchObject({
      status: 413,
      json: { error: 'payload_too_large' },
    });
  });

  it('refuses other types, and no body', async () => {
    expect(
      await request('alice', 'PUT', '/shop/source', Buffer.from('x'), 'text/plain'),
    ).toMatchObject({ status: 415, json: { error: 'unsupported_media_type' } });
    expect(await request('alice', 'PUT', '/shop/source')).toMatchObject(
      failure('bad_request', 400, 'The body is empty'),
    );
  });

  it('refuses a name outside the grammar', async () => {
    expect(await request('alice', 'PUT', '/a..b/source', { files: { a: '' } })).toMatchObject({
      status: 400,
      json: { error: 'bad_request' },
    });
  });

  it('refuses viewers and other users, and lets an admin', async () => {
    const body = { files: { a: '' } };

    expect(await request('auditor', 'PUT', '/shop/source', body)).toMatchObject({ status: 403 });
    expect(await request('bob', 'PUT', '/shop/source?user=alice', body)).toMatchObject(NOT_YOURS);
    expect(await request('root', 'PUT', '/shop/source?user=nobody', body)).toMatchObject(
      failure('not_found', 404, 'User not found'),
    );
    expect(await request('root', 'PUT', '/shop/source?user=alice', body)).toMatchObject({
      status: 201,
      json: { author: 'root' },
    });
    expect((await request('alice', 'GET', '/shop')).json).toMatchObject({ owner: 'alice' });
  });
});

describe('GET /api/projects/', () => {
  it('lists your own, newest first, page by page', async () => {
    await upload('alice', 'one', { a: '1' });
    await upload('alice', 'two', { a: '2' });
    await upload('bob', 'three', { a: '3' });

    expect((await request('alice', 'GET', '/?limit=1')).json).toEqual({
      total: 2,
      limit: 1,
      offset: 0,
      projects: [
        {
          name: 'two',
          owner: 'alice',
          created_at: expect.stringMatching(TIME),
          head: expect.objectContaining({ file_count: 1 }),
        },
      ],
    });
    expect((await request('alice', 'GET', '?limit=1&offset=1')).json).toMatchObject({
      projects: [{ name: 'one' }],
    });
  });

  it("lists others' for admins and viewers only", async () => {
    await upload('alice', 'one', { a: '1' });
    await upload('bob', 'two', { a: '2' });

    for (const user of ['root', 'auditor']) {
      expect((await request(user, 'GET', '/')).json).toMatchObject({ total: 0, projects: [] });
      expect((await request(user, 'GET', '/?user=*')).json).toMatchObject({ total: 2 });
      expect((await request(user, 'GET', '/?user=bob')).json).toMatchObject({
        total: 1,
        projects: [{ name: 'two', owner: 'bob' }],
      });
    }
    expect(await request('alice', 'GET', '/?user=*')).toMatchObject(NOT_YOURS);
    expect(await request('alice', 'GET', '/?user=bob')).toMatchObject(NOT_YOURS);
    expect((await request('alice', 'GET', '/?user=alice')).json).toMatchObject({ total: 1 });
  });

  it('refuses a page that can not be', async () => {
    expect(await request('alice', 'GET', '/?limit=0&user=a%20b')).toMatchObject(
      failure('validation_error', 422, 'The request does not fit its schema', {
        errors: [
          { field: 'user', message: 'must be a username or *' },
          { field: 'limit', message: 'must be a whole number from 1 to 100' },
        ],
      }),
    );
  });
});

describe('GET /api/projects/{name}', () => {
  it('answers 404 for none, 403 for another user', async () => {
    await upload('alice', 'shop', { a: '1' });

    expect(await request('bob', 'GET', '/shop')).toMatchObject(
      failure('not_found', 404, 'Project not found'),
    );
    expect(await request('bob', 'GET', '/shop?user=alice')).toMatchObject(NOT_YOURS);
    expect(await request('auditor', 'GET', '/shop?user=alice')).toMatchObject({ status: 200 });
    expect(await request('nobody', 'GET', '/shop')).toMatchObject({ status: 401 });
  });
});

describe('downloads', () => {
  let first: string;
  beforeEach(async () => {
    first = await upload('alice', 'shop', {
      'b.txt': 'old',
      'Z.html': '<script>',
      'a/ü 1.txt': 'x',
    });
    await upload('alice', 'shop', { 'b.txt': 'new' });
  });

  it('lists the files of the head or of a snapshot, ordered by path', async () => {
    expect((await request('alice', 'GET', '/shop/files/')).json).toMatchObject({
      total: 1,
      files: [
        {
          path: 'b.txt',
          size: 3,
          sha256: '11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437',
        },
      ],
    });
    expect(await pathsOf('alice', `/shop/files?snapshot=${first}`)).toEqual([
      'Z.html',
      'a/ü 1.txt',
      'b.txt',
    ]);
  });

  it('sends text as plain text, whatever its name', async () => {
    const answer = await request('alice', 'GET', `/shop/files/Z.html?snapshot=${first}`);

    expect(answer.status).toBe(200);
    expect(answer.bytes.toString()).toBe('<script>');
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-disposition')).toBeNull();
  });

  it('sends anything else as an attachment', async () => {
    const body = await createArchive('zip', 'shop', new Map([['é".bin', Buffer.from([0])]]));
    await request('alice', 'PUT', '/shop/source', body, 'application/zip');

    const answer = await request('alice', 'GET', `/shop/files/${encodeURIComponent('é".bin')}`);

    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="__.bin"; filename*=UTF-8''%C3%A9%22.bin`,
    );
  });

  it('finds a file in a folder, with spaces, and with a slash at the end', async () => {
    for (const path of ['a/%C3%BC%201.txt', 'a%2F%C3%BC%201.txt', 'a/%C3%BC%201.txt/']) {
      const answer = await request('alice', 'GET', `/shop/files/${path}?snapshot=${first}`);
      expect([answer.status, answer.bytes.toString()]).toEqual([200, 'x']);
    }
    expect(await request('alice', 'GET', '/shop/files/none')).toMatchObject(
      failure('not_found', 404, 'File not found'),
    );
  });

  it('sends an archive that unpacks', async () => {
    const zip = await request('alice', 'GET', `/shop/archive?snapshot=${first}`);
    const tar = await request('alice', 'GET', '/shop/archive?format=tar.gz');
    const folder = mkdtempSync(join(tmpdir(), 'projects-'));
    try {
      writeFileSync(join(folder, 'a.zip'), zip.bytes);
      writeFileSync(join(folder, 'a.tar.gz'), tar.bytes);

      expect(zip.headers.get('content-type')).toBe('application/zip');
      expect(zip.headers.get('content-disposition')).toMatch(/filename="shop\.zip"/);
      expect(execFileSync('unzip', ['-p', join(folder, 'a.zip'), 'shop/b.txt']).toString()).toBe(
        'old',
      );
      expect(tar.headers.get('content-type')).toBe('application/gzip');
      expect(execFileSync('tar', ['xzOf', join(folder, 'a.tar.gz'), 'shop/b.txt']).toString()).toBe(
        'new',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(await request('alice', 'GET', '/shop/archive?format=rar')).toMatchObject({
      status: 422,
    });
  });

  it('compares snapshots', async () => {
    const { json } = await request('alice', 'POST', '/shop/restore', { snapshot: first });
    const restored = (json as { id: string }).id;
    const diff = async (query: string) =>
      (await request('alice', 'GET', `/shop/diff${query}`)).bytes.toString();

    // The head with what it was made from, unless others are named.
    expect(await diff('')).toContain('--- a/b.txt\n+++ b/b.txt\n@@ -1,1 +1,1 @@\n-new\n');
    expect(await diff('')).toContain('new file mode 100644\n--- /dev/null\n+++ b/Z.html');
    expect(await diff(`?from=${restored}&to=${first}`)).toBe('');
    expect(await diff(`?to=${first}`)).toContain('--- /dev/null\n+++ b/b.txt\n');
  });

  it('gives a manifest that the usual tool checks, in the archive and beside it', async () => {
    const path = `/shop/archive?format=tar.gz&snapshot=${first}`;
    const archive = await request('alice', 'GET', path);
    const manifest = await request('alice', 'GET', `/shop/manifest?snapshot=${first}`);
    const folder = mkdtempSync(join(tmpdir(), 'projects-'));
    try {
      writeFileSync(join(folder, 'a.tar.gz'), archive.bytes);
      execFileSync('tar', ['xzf', 'a.tar.gz'], { cwd: folder });
      const shop = join(folder, 'shop');

      const told = execFileSync('sha256sum', ['-c', 'MANIFEST.sha256'], { cwd: shop });

      expect(told.toString()).toBe('Z.html: OK\na/ü 1.txt: OK\nb.txt: OK\n');
      expect(readFileSync(join(shop, 'MANIFEST.sha256'))).toEqual(manifest.bytes);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(['zip', 'tar.gz'])('takes a %s back as what it was', async (format) => {
    const archive = await request('alice', 'GET', `/shop/archive?format=${format}`);

    const again = await request(
      'alice',
      'PUT',
      '/shop/source',
      archive.bytes,
      'application/octet-stream',
    );

    expect(again).toMatchObject({ status: 201, json: { file_count: 1, total_bytes: 3 } });
    const own = { 'MANIFEST.sha256': 'my own\n', 'b.txt': 'new' };
    await upload('alice', 'shop', own);
    expect(await pathsOf('alice', '/shop/files')).toEqual(Object.keys(own));
    expect((await request('alice', 'GET', '/shop/archive')).status).toBe(200);
  });

  it('refuses a snapshot of another project', async () => {
    const foreign = await upload('bob', 'other', { secret: 's' });

    for (const path of ['/shop/files', '/shop/archive', '/shop/manifest', '/shop/files/secret']) {
      expect(await request('alice', 'GET', `${path}?snapshot=${foreign}`)).toMatchObject(
        failure('not_found', 404, 'Snapshot not found'),
      );
    }
    expect(await request('alice', 'GET', `/shop/diff?from=${foreign}`)).toMatchObject({
      status: 404,
    });
    expect(await request('alice', 'GET', '/shop/files?snapshot=1')).toMatchObject({ status: 422 });
  });

  it('says that a project has no source yet', async () => {
    await app
      .get(Database)
      .transaction((tx) => app.get(SnapshotStore).ensureProject(tx, 'alice', 'bare'));

    expect(await request('alice', 'GET', '/bare/files')).toMatchObject(
      failure('not_found', 404, 'The project has no source yet'),
    );
    expect((await request('alice', 'GET', '/bare')).json).toMatchObject({
      head: null,
      total: 0,
      snapshots: [],
      trend: [],
    });
  });
});

describe('POST /api/projects/{name}/restore', () => {
  it('makes old files the newest snapshot', async () => {
    const first = await upload('alice', 'shop', { a: '1', b: '2' });
    const second = await upload('alice', 'shop', { c: '3' });

    const answer = await request('alice', 'POST', '/shop/restore', { snapshot: first });

    expect(answer).toMatchObject({
      status: 201,
      json: { parent: second, author: 'alice', file_count: 2, total_bytes: 2 },
    });
    expect(await pathsOf('alice', '/shop/files')).toEqual(['a', 'b']);
    expect((await request('alice', 'GET', '/shop')).json).toMatchObject({ total: 3 });
  });

  it('refuses what is not a snapshot of the project, and who may not', async () => {
    const id = await upload('alice', 'shop', { a: '1' });
    const foreign = await upload('bob', 'other', { a: '1' });
    const restore = (user: string, query: string, snapshot: unknown) =>
      request(user, 'POST', `/shop/restore${query}`, { snapshot });

    expect(await restore('alice', '', foreign)).toMatchObject({ status: 404 });
    expect(await restore('alice', '', 'x')).toMatchObject({ status: 422 });
    expect(await restore('bob', '?user=alice', id)).toMatchObject(NOT_YOURS);
    expect(await restore('auditor', '?user=alice', id)).toMatchObject({ status: 403 });
    expect(await restore('root', '?user=alice', id)).toMatchObject({ status: 201 });
  });
});

describe('DELETE /api/projects/{name}', () => {
  it('takes everything of the project along, and nothing else', async () => {
    await upload('alice', 'shop', { a: 'only here', b: 'shared' });
    await upload('alice', 'shop', { a: 'also only here' });
    await upload('alice', 'kept', { b: 'shared' });
    await upload('bob', 'shop', { c: "bob's" });
    await addTask('alice', 'shop', 'completed');
    const kept = [
      await addTask('alice', 'kept', 'running'),
      await addTask('bob', 'shop', 'failed'),
    ];

    expect(await request('alice', 'DELETE', '/shop')).toMatchObject({
      status: 200,
      json: { message: 'Project deleted successfully' },
    });

    expect(await request('alice', 'GET', '/shop')).toMatchObject({ status: 404 });
    expect(await execute('SELECT content FROM blobs ORDER BY content')).toEqual([
      { content: Buffer.from("bob's") },
      { content: Buffer.from('shared') },
    ]);
    expect((await execute('SELECT id FROM tasks')).map((row) => row['id']).sort()).toEqual(
      kept.sort(),
    );
    expect(await pathsOf('alice', '/kept/files')).toEqual(['b']);
  });

  it('refuses while a task is unfinished', async () => {
    await upload('alice', 'shop', { a: '1' });
    await addTask('alice', 'shop', 'initializing');

    expect(await request('alice', 'DELETE', '/shop')).toMatchObject(
      failure(
        'conflict',
        409,
        'A build or analysis of this project is unfinished: wait for its end, or cancel it',
      ),
    );
    expect(await pathsOf('alice', '/shop/files')).toEqual(['a']);
  });

  it('refuses who may not', async () => {
    await upload('alice', 'shop', { a: '1' });

    expect(await request('bob', 'DELETE', '/shop?user=alice')).toMatchObject(NOT_YOURS);
    expect(await request('auditor', 'DELETE', '/shop?user=alice')).toMatchObject({ status: 403 });
    expect(await request('bob', 'DELETE', '/shop')).toMatchObject({ status: 404 });
    expect(await request('root', 'DELETE', '/shop?user=alice')).toMatchObject({ status: 200 });
  });

  it('never takes content from an upload that comes at the same time', async () => {
    await upload('alice', 'shop', { a: 'shared' });
    const store = app.get(SnapshotStore);

    const removal = await app.get(Database).transaction(async (tx) => {
      const project = await store.ensureProject(tx, 'bob', 'other');
      const id = await store.write(tx, {
        projectId: project.id,
        parentId: null,
        taskId: null,
        author: 'bob',
        files: new Map([['a', Buffer.from('shared')]]),
        generation: null,
      });
      await store.moveHead(tx, project.id, id);
      const answer = request('alice', 'DELETE', '/shop');
      await untilSomebodyWaitsForALock();
      return { answer };
    });

    expect(await removal.answer).toMatchObject({ status: 200 });
    const file = await request('bob', 'GET', '/other/files/a');
    expect([file.status, file.bytes.toString()]).toEqual([200, 'shared']);
  });
});

async function untilSomebodyWaitsForALock(): Promise<void> {
  for (;;) {
    const waiting = await execute(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) {
      return;
    }
  }
}

describe(SnapshotStore.name, () => {
  it('gives the newest snapshot of a build, off the line until the head moves', async () => {
    const store = app.get(SnapshotStore);
    const head = await upload('alice', 'shop', { a: '1' });
    const taskId = randomUUID();
    const write = (files: [string, string][]) =>
      app.get(Database).transaction(async (tx) => {
        const project = await store.ensureProject(tx, 'alice', 'shop');
        return store.write(tx, {
          projectId: project.id,
          parentId: project.headSnapshotId,
          taskId,
          author: 'alice',
          files: new Map(files.map(([path, text]) => [path, Buffer.from(text)])),
          generation: null,
        });
      });

    expect(await store.latestOfTask(taskId)).toBeNull();
    await write([['b', '2']]);
    const newest = await write([
      ['b', '22'],
      ['Z', ''],
    ]);

    expect(await store.latestOfTask(taskId)).toMatchObject({
      id: newest,
      parentId: head,
      taskId,
      fileCount: 2,
      totalBytes: 2,
    });
    expect([...(await store.read(newest))]).toEqual([
      ['Z', Buffer.alloc(0)],
      ['b', Buffer.from('22')],
    ]);
    expect(await store.readFile(newest, 'none')).toBeNull();
    expect((await request('alice', 'GET', '/shop')).json).toMatchObject({
      total: 1,
      head: { id: head },
    });
  });

  describe('telling what the engine generated', () => {
    const GENERATED = { a: '1', b: '2', c: '3', d: '4' };
    let store: SnapshotStore;
    let built: string;

    beforeEach(async () => {
      store = app.get(SnapshotStore);
      built = await build('shop', GENERATED);
    });

    async function build(name: string, files: Record<string, string>): Promise<string> {
      return app.get(Database).transaction(async (tx) => {
        const project = await store.ensureProject(tx, 'alice', name);
        const id = await store.write(tx, {
          projectId: project.id,
          parentId: project.headSnapshotId,
          taskId: randomUUID(),
          author: 'alice',
          files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
          generation: 'itself',
        });
        await store.moveHead(tx, project.id, id);
        return id;
      });
    }

    async function originOf(id: string) {
      return [(await store.find(id))?.generatedId, await store.isUnedited(id)];
    }

    it('from what a user edited', async () => {
      const edited = await upload('alice', 'shop', { ...GENERATED, a: 'mine' });
      const again = await upload('alice', 'shop', { d: '4', mine: 'mine' });

      expect(await originOf(built)).toEqual([built, true]);
      expect(await originOf(edited)).toEqual([built, false]);
      expect(await originOf(again)).toEqual([built, false]);
    });

    it('where it comes back untouched, restored or uploaded', async () => {
      const newer = await build('shop', { ...GENERATED, e: '5' });
      const uploaded = await upload('alice', 'shop', GENERATED);
      await upload('alice', 'shop', { ...GENERATED, e: 'mine' });
      const restored = await request('alice', 'POST', '/shop/restore', { snapshot: newer });

      expect(await originOf(uploaded)).toEqual([built, true]);
      expect(restored.json).toMatchObject({ restored_from: newer, generated: newer });
      expect(await originOf((restored.json as { id: string }).id)).toEqual([newer, true]);
    });

    it('from another project under the same name', async () => {
      const foreign = await upload('alice', 'shop', { index: 'js' });
      const back = await upload('alice', 'shop', { ...GENERATED, b: 'mine' });
      const elsewhere = await upload('alice', 'store', GENERATED);

      expect(await originOf(foreign)).toEqual([null, false]);
      expect(await originOf(back)).toEqual([built, false]);
      expect(await originOf(elsewhere)).toEqual([null, false]);
    });
  });

  it("counts and keeps of a build's snapshots the last one, and what others rest on", async () => {
    const store = app.get(SnapshotStore);
    const taskId = await addTask('alice', 'shop', 'failed');
    const write = (content: string, generation: Generation) =>
      app.get(Database).transaction(async (tx) => {
        const project = await store.ensureProject(tx, 'alice', 'shop');
        const files = new Map([['a', Buffer.from(content)]]);
        const more = { parentId: null, taskId, author: 'alice', files, generation };
        return store.write(tx, { projectId: project.id, ...more });
      });
    const mebibyte = (letter: string) => letter.repeat(1024 * 1024);
    const generated = await write(mebibyte('g'), 'itself');
    const passing = await write(mebibyte('p'), { id: generated });
    const last = await write(mebibyte('l'), { id: generated });
    // Three MiB are stored, one counts: the quota of three has room for two more, with their paths and rows.
    await upload('alice', 'other', { a: mebibyte('1') });
    await upload('alice', 'third', { a: mebibyte('2').slice(4096) });
    const remaining = async () =>
      (await execute('SELECT id FROM snapshots WHERE task_id = $1', [taskId])).map(({ id }) => id);
    const sweeper = app.get(SnapshotSweeper);

    await execute(`UPDATE tasks SET finished_at = now() - interval '23 hours'`);
    await sweeper.sweep();
    expect((await remaining()).sort()).toEqual([generated, passing, last].sort());

    await execute(`UPDATE tasks SET finished_at = now() - interval '25 hours'`);
    await sweeper.sweep();
    expect((await remaining()).sort()).toEqual([generated, last].sort());
    expect(await execute('SELECT count(*)::int AS count FROM blobs')).toEqual([{ count: 4 }]);
  });

  it('undoes everything with the transaction', async () => {
    const store = app.get(SnapshotStore);
    const failed = app.get(Database).transaction(async (tx) => {
      const { id } = await store.ensureProject(tx, 'alice', 'shop');
      await store.write(tx, {
        projectId: id,
        parentId: null,
        taskId: null,
        author: 'alice',
        files: new Map([['a', Buffer.from('1')]]),
        generation: null,
      });
      throw new Error('the task lost its lease');
    });

    await expect(failed).rejects.toThrow('the task lost its lease');
    expect(await execute('SELECT * FROM projects')).toEqual([]);
    expect(await execute('SELECT * FROM blobs')).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Global,
  Injectable,
  Module,
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Request } from 'express';
import { AccessGuard } from '../src/auth/access.guard.js';
import { ROLE_PERMISSIONS, type Principal, type Role } from '../src/auth/principal.js';
import { JsonBodyGuard } from '../src/common/json-body.guard.js';
import { ApiExceptionFilter } from '../src/common/exception.filter.js';
import { RequestValidationPipe } from '../src/common/validation/validation.pipe.js';
import { AppConfig } from '../src/config/app-config.js';
import { loadConfig } from '../src/config/load-config.js';
import { dataSourceOptions } from '../src/infra/database/data-source-options.js';
import { Database } from '../src/infra/database/database.js';
import { createArchive } from '../src/projects/archive.js';
import { Artifacts } from '../src/projects/artifacts.js';
import { PROJECT_ENTITIES, ProjectsModule } from '../src/projects/projects.module.js';
import { SnapshotStore } from '../src/projects/snapshot-store.js';
import { createTestDatabase, type TestDatabase } from './support/postgres.js';

const USERS: Record<string, Role> = {
  alice: 'user',
  bob: 'user',
  root: 'admin',
  auditor: 'viewer',
};
const QUOTA_BYTES = 3 * 1024 * 1024;
const UUID = /^[0-9a-f-]{36}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Stands where the token is read: the bearer is the username. */
@Injectable()
class NamedUserGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request & { user?: Principal }>();
    const username = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const role = USERS[username];
    if (role) {
      const permissions = new Set(ROLE_PERMISSIONS[role]);
      request.user = { username, role, permissions, sessionId: null, expiresAt: null };
    }
    return true;
  }
}

@Global()
@Module({})
class Surroundings {
  static of(config: AppConfig): DynamicModule {
    return {
      module: Surroundings,
      providers: [{ provide: AppConfig, useValue: config }, Database],
      exports: [AppConfig, Database],
    };
  }
}

interface Answer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  json: unknown;
}

let database: TestDatabase;
let app: INestApplication;
let base: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = loadConfig({ QUOTA_STORED_BYTES: String(QUOTA_BYTES), MAX_UPLOAD_BYTES: '2MiB' });
  @Module({})
  class RootModule {}
  const root: DynamicModule = {
    module: RootModule,
    imports: [
      TypeOrmModule.forRoot({
        ...dataSourceOptions(database.url, 10, PROJECT_ENTITIES),
        migrationsRun: true,
      }),
      Surroundings.of(config),
      ProjectsModule.register(true),
    ],
    providers: [
      { provide: APP_GUARD, useClass: NamedUserGuard },
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_GUARD, useClass: JsonBodyGuard },
      { provide: APP_PIPE, useClass: RequestValidationPipe },
      { provide: APP_FILTER, useClass: ApiExceptionFilter },
    ],
  };
  app = await NestFactory.create(root, { logger: ['fatal'], bodyParser: false });
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/api/projects`;
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

beforeEach(async () => {
  await execute('TRUNCATE users, projects, snapshots, snapshot_files, blobs, tasks CASCADE');
  for (const [username, role] of Object.entries(USERS)) {
    await execute('INSERT INTO users (username, password_hash, role) VALUES ($1, $2, $3)', [
      username,
      '-',
      role,
    ]);
  }
});

function execute(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return app.get(Database).query({ text }, values);
}

async function request(
  user: string,
  method: string,
  path: string,
  body?: Buffer | object,
  contentType = 'application/json',
): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${user}`,
      ...(body !== undefined && { 'content-type': contentType }),
    },
    body:
      body === undefined
        ? null
        : Buffer.isBuffer(body)
          ? new Uint8Array(body)
          : JSON.stringify(body),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    json: isJson ? (JSON.parse(bytes.toString()) as unknown) : undefined,
  };
}

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

  it('refuses what exceeds the quota of the owner, also for uploads at once', async () => {
    const mebibyte = 'x'.repeat(1024 * 1024);
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((name) =>
        request('alice', 'PUT', `/${name}/source`, { files: { name, big: mebibyte.slice(8) } }),
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
      expect(execFileSync('tar', ['xzOf', join(folder, 'a.tar.gz')]).toString()).toBe('new');
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(await request('alice', 'GET', '/shop/archive?format=rar')).toMatchObject({
      status: 422,
    });
  });

  it('compares snapshots', async () => {
    const { headSnapshotId } = await app
      .get(Database)
      .transaction((tx) => app.get(SnapshotStore).ensureProject(tx, 'alice', 'shop'));

    const diff = await app.get(Artifacts).diff(first, headSnapshotId ?? '');

    expect(diff.getStream().read()?.toString()).toContain(
      '--- a/b.txt\n+++ b/b.txt\n@@ -1,1 +1,1 @@\n-old\n',
    );
  });

  it('refuses a snapshot of another project', async () => {
    const foreign = await upload('bob', 'other', { secret: 's' });

    for (const path of ['/shop/files', '/shop/archive', '/shop/files/secret']) {
      expect(await request('alice', 'GET', `${path}?snapshot=${foreign}`)).toMatchObject(
        failure('not_found', 404, 'Snapshot not found'),
      );
    }
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

  it("tells a user's source from a build's, also restored or uploaded again untouched", async () => {
    const store = app.get(SnapshotStore);
    const db = app.get(Database);
    const built = await db.transaction(async (tx) => {
      const { id } = await store.ensureProject(tx, 'alice', 'shop');
      const snapshotId = await store.write(tx, {
        projectId: id,
        parentId: null,
        taskId: randomUUID(),
        author: 'alice',
        files: new Map([['a', Buffer.from('1')]]),
      });
      await store.moveHead(tx, id, snapshotId);
      return snapshotId;
    });
    const edited = await upload('alice', 'shop', { a: '2' });
    const again = await upload('alice', 'shop', { a: '1' });
    const restored = await request('alice', 'POST', '/shop/restore', { snapshot: built });

    expect(await store.isUpload(db, built)).toBe(false);
    expect(await store.isUpload(db, edited)).toBe(true);
    expect(await store.isUpload(db, again)).toBe(false);
    expect(await store.isUpload(db, (restored.json as { id: string }).id)).toBe(false);
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
      });
      throw new Error('the task lost its lease');
    });

    await expect(failed).rejects.toThrow('the task lost its lease');
    expect(await execute('SELECT * FROM projects')).toEqual([]);
    expect(await execute('SELECT * FROM blobs')).toEqual([]);
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DataSource } from 'typeorm';
import { Database } from '../src/infra/database/database.js';
import { dataSourceOptions } from '../src/infra/database/data-source-options.js';
import { startEmbeddedPostgres } from '../src/infra/database/embedded/embedded-postgres.js';
import { migrate } from '../src/migrate.js';
import { describeWithPgDump, startSystemPostgres } from './support/system-postgres.js';

const run = promisify(execFile);

/** Every table with its rows, as text: what a backup must bring back to the letter. */
async function contentOf(url: string): Promise<Record<string, string[]>> {
  return withDatabase(url, async (db) => {
    const tables = await db.query<{ name: string }>({
      text: `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
             WHERE schemaname IN ('public', 'langgraph') ORDER BY 1`,
    });
    const content: Record<string, string[]> = {};
    for (const { name } of tables) {
      const rows = await db.query<{ row: string }>({
        text: `SELECT t::text AS row FROM ${name} t ORDER BY 1`,
      });
      content[name] = rows.map(({ row }) => row);
    }
    return content;
  });
}

async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const source = await new DataSource(dataSourceOptions(url, 2, [])).initialize();
  try {
    return await work(new Database(source));
  } finally {
    await source.destroy();
  }
}

/** A little of everything, bytes and line ends included. */
async function fill(url: string): Promise<void> {
  await withDatabase(url, async (db) => {
    for (const text of [
      `INSERT INTO users (username, password_hash, role) VALUES ('alice', 'x', 'user')`,
      `INSERT INTO projects (id, owner, name) VALUES ('10000000-0000-4000-8000-000000000000', 'alice', 'p')`,
      `INSERT INTO blobs VALUES ('\\x00ff0a', 3, '\\x000a0d')`,
      `INSERT INTO snapshots (id, project_id, author, file_count, total_bytes)
       VALUES ('20000000-0000-4000-8000-000000000000', '10000000-0000-4000-8000-000000000000', 'alice', 1, 3)`,
      `INSERT INTO snapshot_files VALUES ('20000000-0000-4000-8000-000000000000', 'a "b"\n.py', '\\x00ff0a')`,
      `UPDATE projects SET head_snapshot_id = '20000000-0000-4000-8000-000000000000'`,
      `INSERT INTO tasks (id, kind, owner, project_name, status, input, results, last_seq)
       VALUES ('30000000-0000-4000-8000-000000000000', 'build', 'alice', 'p', 'completed',
               '{ "b": 1,  "a": "ä" }', '{"ok":true}', 1)`,
      `INSERT INTO task_events (task_id, seq, type, body)
       VALUES ('30000000-0000-4000-8000-000000000000', 1, 'completion', '{}')`,
      `INSERT INTO langgraph.checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint)
       VALUES ('30000000-0000-4000-8000-000000000000', '', 'c', '{"v": 1}')`,
    ]) {
      await db.query({ text });
    }
  });
}

describe('a backup of the embedded database', () => {
  it('is a copy of DATA_DIR while the server is stopped', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'goalsmith-backup-'));
    const start = (name: string) =>
      startEmbeddedPostgres({
        dataDir: join(folder, name),
        log: () => undefined,
        durable: false,
        maxConnections: 10,
      });
    const original = await start('data');
    await migrate(original.url);
    await fill(original.url);
    const content = await contentOf(original.url);
    await original.stop();

    await run('tar', ['-C', folder, '-czf', join(folder, 'backup.tar.gz'), 'data']);
    await rm(join(folder, 'data'), { recursive: true });
    await run('tar', ['-C', folder, '-xzf', join(folder, 'backup.tar.gz')]);

    const restored = await start('data');
    try {
      expect(await contentOf(restored.url)).toEqual(content);
      expect(content['public.tasks']).toHaveLength(1);
    } finally {
      await restored.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

describeWithPgDump('a backup of a PostgreSQL server', () => {
  it('is made by pg_dump while it works, and restored by pg_restore', async () => {
    const server = await startSystemPostgres();
    const folder = await mkdtemp(join(tmpdir(), 'goalsmith-backup-'));
    const file = join(folder, 'goalsmith.dump');
    try {
      const [original, restored] = [server.urlOf('original'), server.urlOf('restored')];
      await server.program('createdb', ['--maintenance-db', server.urlOf('postgres'), 'original']);
      await migrate(original);
      await fill(original);

      await server.program('pg_dump', ['--format=custom', '--no-owner', '--file', file, original]);
      await server.program('createdb', ['--maintenance-db', server.urlOf('postgres'), 'restored']);
      await server.program('pg_restore', [
        ...['--no-owner', '--exit-on-error', '--single-transaction'],
        ...['--dbname', restored, file],
      ]);

      expect(await contentOf(restored)).toEqual(await contentOf(original));
      // As the server does when it starts on it: nothing is left to be done.
      await migrate(restored);
      expect(await contentOf(restored)).toEqual(await contentOf(original));
      await withDatabase(restored, (db) =>
        expect(db.query({ text: `UPDATE tasks SET status = 'running'` })).rejects.toThrow(
          "that can't change",
        ),
      );
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../migrations/index.js';
import { Database } from '../src/infra/database/database.js';
import { dataSourceOptions } from '../src/infra/database/data-source-options.js';
import { migrate } from '../src/migrate.js';
import { createTestDatabase, type TestDatabase } from './support/postgres.js';

/** The migrations of the release before, in their order; it may still run while this one's are done. */
const RELEASED = [
  {
    name: 'Initial1764000000000',
    file: 'migrations/1764000000000-initial.ts',
    sha256: 'a6ef1f56cdf2857774aeb1381189b822c89c9baf0a5b006cd820a0cb66315453',
  },
];

/** What the release before sends to the database, as it was written then. */
const STATEMENTS = JSON.parse(
  readFileSync('test/support/releases/3.0.0-statements.json', 'utf8'),
) as { name: string; text: string }[];

interface Column {
  name: string;
  type: string;
  is_nullable: boolean;
  has_default: boolean;
}

describe('an upgrade while the release before still runs', () => {
  let before: TestDatabase;
  let after: TestDatabase;
  let dataSource: DataSource;
  let db: Database;

  beforeAll(async () => {
    before = await createTestDatabase();
    const old = await new DataSource({
      ...dataSourceOptions(before.url, 2, []),
      migrations: MIGRATIONS.slice(0, RELEASED.length),
    }).initialize();
    await old.runMigrations();
    await old.destroy();
    after = await createTestDatabase();
    await migrate(after.url);
    dataSource = await new DataSource(dataSourceOptions(after.url, 4, [])).initialize();
    db = new Database(dataSource);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await before.drop();
    await after.drop();
  });

  it('adds migrations behind the released ones, which never change', () => {
    expect(MIGRATIONS.slice(0, RELEASED.length).map((migration) => migration.name)).toEqual(
      RELEASED.map((migration) => migration.name),
    );
    for (const { file, sha256 } of RELEASED) {
      expect([file, createHash('sha256').update(readFileSync(file)).digest('hex')]).toEqual([
        file,
        sha256,
      ]);
    }
  });

  it('keeps every column that the release before knows, and asks it for no other', async () => {
    const [old, now] = [await columnsOf(before.url), await columnsOf(after.url)];
    const problems: string[] = [];
    for (const [name, column] of old) {
      const kept = now.get(name);
      if (kept?.type !== column.type) {
        problems.push(`${name} is ${kept ? `${kept.type}, was ${column.type}` : 'gone'}`);
      } else if (column.is_nullable && !kept.is_nullable) {
        problems.push(`${name} must be given now`);
      }
    }
    const tables = new Set([...old.keys()].map((name) => name.split('.')[0]));
    for (const [name, column] of now) {
      const isNew = !old.has(name) && tables.has(name.split('.')[0]);
      if (isNew && !column.is_nullable && !column.has_default) {
        problems.push(`${name} is new, and must be given`);
      }
    }
    expect(old.size).toBeGreaterThan(60);
    expect(problems).toEqual([]);
  });

  it('understands every statement of the release before', async () => {
    const problems: string[] = [];
    for (const { name, text } of STATEMENTS) {
      await db.query({ text: `PREPARE old_${name} AS ${text}` }).catch((error: Error) => {
        problems.push(`${name}: ${error.message}`);
      });
    }
    expect(STATEMENTS.length).toBeGreaterThan(25);
    expect(problems).toEqual([]);
  });

  it('lets the release before take a task through its life', async () => {
    await db.query({
      text: `INSERT INTO users (username, password_hash, role) VALUES ('alice', 'x', 'user')`,
    });
    const [task, worker] = [randomUUID(), randomUUID()];
    const run = (name: string, values: unknown[]) => {
      const text = STATEMENTS.find((statement) => statement.name === name)?.text ?? '';
      return db.query({ text }, values);
    };
    await run('task_insert', [task, 'build', 'alice', 'p', {}, 'build:alice/p', null, null]);
    expect(await run('task_claim', [task, worker, 10_000])).toHaveLength(1);
    expect(await run('task_progress', [task, 1, 50, { current_step: 'x' }])).toHaveLength(1);
    expect(await run('task_renew', [worker, 10_000, [task]])).toHaveLength(1);
    expect(await run('task_complete', [task, 1, { ok: true }])).toHaveLength(1);
    expect(await run('task_cancel', [task])).toHaveLength(0);
    expect(await run('task_events_since', [task, 0, 10])).toHaveLength(4);
  });

  it('can be taken back', async () => {
    const undone = await new DataSource(dataSourceOptions(after.url, 2, [])).initialize();
    for (let count = MIGRATIONS.length; count > RELEASED.length; count -= 1) {
      await undone.undoLastMigration();
    }
    await undone.destroy();
    expect(await columnsOf(after.url)).toEqual(await columnsOf(before.url));
  });
});

/** By `table.column`, the server's own tables left out. */
async function columnsOf(url: string): Promise<Map<string, Column>> {
  const source = await new DataSource(dataSourceOptions(url, 2, [])).initialize();
  const rows = await new Database(source).query<Column>({
    text: `
      SELECT table_name || '.' || column_name AS name, format('%s(%s)', udt_name, character_maximum_length) AS type,
             is_nullable = 'YES' AS is_nullable, column_default IS NOT NULL AS has_default
      FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`,
  });
  await source.destroy();
  return new Map(rows.map((row) => [row.name, row]));
}

import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Initial1764000000000 } from '../migrations/1764000000000-initial.js';
import { MIGRATIONS } from '../migrations/index.js';
import { dataSourceOptions } from '../src/infra/database/data-source-options.js';
import { createTestDatabase, type TestDatabase } from './support/postgres.js';

describe('the migrations', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await connect([Initial1764000000000]);
    await dataSource.runMigrations();
    await dataSource.query(`INSERT INTO users VALUES ('alice', '-', 'user')`);
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  function connect(migrations: typeof MIGRATIONS): Promise<DataSource> {
    return new DataSource({ ...dataSourceOptions(database.url, 2, []), migrations }).initialize();
  }

  async function upgrade(): Promise<void> {
    await dataSource.destroy();
    dataSource = await connect(MIGRATIONS);
    await dataSource.runMigrations();
  }

  async function addBuild(results: object): Promise<string> {
    const id = randomUUID();
    await dataSource.query(
      `INSERT INTO tasks (id, kind, owner, project_name, status, input, results, started_at)
       VALUES ($1, 'build', 'alice', 'p', 'completed', '{}', $2, now())`,
      [id, results],
    );
    return id;
  }

  async function addSnapshot(
    project: string,
    parent: string | null,
    taskId: string | null,
    files: Record<string, string>,
  ): Promise<string> {
    const id = randomUUID();
    const paths = Object.keys(files);
    await dataSource.query(
      `INSERT INTO snapshots (id, project_id, parent_id, task_id, author, file_count, total_bytes)
       VALUES ($1, $2, $3, $4, 'alice', $5::int, $5::int)`,
      [id, project, parent, taskId, paths.length],
    );
    for (const path of paths) {
      await dataSource.query(
        `WITH blob AS (
           INSERT INTO blobs VALUES (sha256($3::bytea), 1, $3)
           ON CONFLICT (sha256) DO UPDATE SET size = 1 RETURNING sha256)
         INSERT INTO snapshot_files SELECT $1, $2, sha256 FROM blob`,
        [id, path, Buffer.from(files[path] ?? '')],
      );
    }
    return id;
  }

  it('find out what the engine generated so far', async () => {
    const project = randomUUID();
    await dataSource.query(`INSERT INTO projects VALUES ($1, 'alice', 'p')`, [project]);
    const add = (parent: string | null, task: string | null, files: Record<string, string>) =>
      addSnapshot(project, parent, task, files);
    const first = await add(null, await addBuild({ engine: 'blueprints' }), { a: '1', b: '2' });
    const edited = await add(first, null, { a: '1', b: '3', c: '4' });
    const again = await add(edited, null, { b: '5' });
    const second = await add(again, await addBuild({ engine: 'blueprints' }), { a: '6', b: '7' });
    const restored = await add(second, null, { a: '1', b: '2' });
    const modelled = await add(second, await addBuild({ engine: 'openai:x' }), { a: '8' });
    const foreign = await add(second, null, { z: '9' });

    await upgrade();

    const rows: { id: string; generated_id: string | null }[] = await dataSource.query(
      'SELECT id, generated_id FROM snapshots',
    );
    const found = new Map(rows.map((row) => [row.id, row.generated_id]));
    const all = [first, edited, again, second, restored, modelled, foreign];
    expect(all.map((id) => found.get(id))).toEqual([
      first,
      first,
      first,
      second,
      first,
      null,
      null,
    ]);
  });

  it('take over what was used of models so far', async () => {
    const usage = { calls: 3, input_tokens: 10, output_tokens: 5, cached_tokens: 1 };
    const used = await addBuild({ usage: { ...usage, cost_usd: 0.25, estimated: true } });
    const offline = await addBuild({ usage: null });

    await upgrade();

    const rows = await dataSource.query(
      `SELECT task_id, owner, calls, input_tokens::int, cost_usd::float8, estimated
       FROM model_usage ORDER BY calls DESC`,
    );
    expect(rows).toEqual([
      {
        task_id: used,
        owner: 'alice',
        calls: 3,
        input_tokens: 10,
        cost_usd: 0.25,
        estimated: true,
      },
      {
        task_id: offline,
        owner: 'alice',
        calls: 0,
        input_tokens: 0,
        cost_usd: null,
        estimated: false,
      },
    ]);
  });

  it('can be taken back', async () => {
    await upgrade();
    const columns = () =>
      dataSource.query(
        `SELECT table_name, column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> 'migrations' ORDER BY 1, 2`,
      );
    const newest: unknown = await columns();

    await dataSource.undoLastMigration();
    await dataSource.runMigrations();

    expect(await columns()).toEqual(newest);
  });
});

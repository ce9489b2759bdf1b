import { loadConfig } from '../src/config/load-config.js';
import { Metrics } from '../src/health/metrics/metrics.js';
import { RetentionService } from '../src/retention/retention.service.js';
import { isTerminalEvent } from '../src/tasks/task-event.js';
import { createMigratedDatabase, startKernel, type Kernel } from './support/kernel.js';
import type { TestDatabase } from './support/postgres.js';

describe(RetentionService.name, () => {
  let database: TestDatabase;
  let kernel: Kernel;

  beforeAll(async () => {
    database = await createMigratedDatabase();
  });

  afterAll(() => database.drop());

  beforeEach(async () => {
    kernel = await startKernel(database);
    await kernel.addUser('alice');
    await sql('TRUNCATE blobs, projects, langgraph.checkpoints CASCADE');
    await sql(`UPDATE retention_runs SET began_at = '-infinity'`);
  });

  afterEach(() => kernel.close());

  function retention(env: Record<string, string> = {}): {
    service: RetentionService;
    metrics: Metrics;
  } {
    const metrics = new Metrics();
    return { service: new RetentionService(kernel.db, loadConfig(env), metrics), metrics };
  }

  async function sql<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return kernel.db.query<T & Record<string, unknown>>({ text }, values);
  }

  /** Tasks that ended that many days ago, with 3 progress events each and the terminal one. */
  async function endedTasks(count: number, days: number, status = 'completed'): Promise<string[]> {
    const rows = await sql<{ id: string }>(
      `WITH added AS (
         INSERT INTO tasks (id, kind, owner, project_name, status, input, last_seq, created_at, finished_at)
         SELECT gen_random_uuid(), 'sample', 'alice', 'p', $3, '{}', 4, now() - $2 * interval '1 day',
                now() - $2 * interval '1 day'
         FROM generate_series(1, $1) RETURNING id),
       events AS (
         INSERT INTO task_events (task_id, seq, type, body)
         SELECT id, seq, CASE WHEN seq = 4 THEN 'completion' ELSE 'progress' END, '{"status":"completed"}'
         FROM added, generate_series(1, 4) seq)
       SELECT id FROM added`,
      [count, days, status],
    );
    return rows.map((row) => row.id);
  }

  it('removes the progress events of tasks that ended long ago, in batches, and keeps their last', async () => {
    const old = await endedTasks(700, 31);
    const [young = ''] = await endedTasks(1, 29);

    const removed = await retention().service.sweep();

    expect(removed).toEqual({ events: 2_100 });
    expect(
      await sql(`SELECT type, count(*)::int FROM task_events WHERE task_id <> $1 GROUP BY type`, [
        young,
      ]),
    ).toEqual([{ type: 'completion', count: 700 }]);
    expect(await kernel.store.eventsSince(young, 0, 10)).toHaveLength(4);
    const followed = [];
    for await (const event of kernel.follower.follow(old[0] ?? '', 0, AbortSignal.timeout(5_000))) {
      followed.push(event);
    }
    expect(followed).toHaveLength(1);
    expect(followed.every(isTerminalEvent)).toBe(true);
    expect(await retention().service.sweep()).toEqual({});
  });

  it('removes what nobody can use any more: sessions, tokens, keys', async () => {
    await sql(`
      INSERT INTO sessions (id, username, expires_at, revoked_at) VALUES
        ('11111111-1111-4111-8111-111111111111', 'alice', now() - interval '1 s', NULL),
        ('22222222-2222-4222-8222-222222222222', 'alice', now() + interval '9 d', now() - interval '2 d'),
        ('33333333-3333-4333-8333-333333333333', 'alice', now() + interval '9 d', now()),
        ('44444444-4444-4444-8444-444444444444', 'alice', now() + interval '9 d', NULL)`);
    await sql(`
      INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES
        ('\\x01', '44444444-4444-4444-8444-444444444444', now() - interval '1 s'),
        ('\\x02', '44444444-4444-4444-8444-444444444444', now() + interval '1 d')`);
    await sql(`
      INSERT INTO api_keys (id, username, name, key_hash, permissions, expires_at) VALUES
        (gen_random_uuid(), 'alice', 'old', '\\x01', '{}', now() - interval '8 d'),
        (gen_random_uuid(), 'alice', 'just ended', '\\x02', '{}', now() - interval '6 d'),
        (gen_random_uuid(), 'alice', 'endless', '\\x03', '{}', NULL)`);
    const [id] = await endedTasks(1, 2);
    await sql(`UPDATE tasks SET idempotency_key = 'k', idempotency_hash = '\\x01' WHERE id = $1`, [
      id,
    ]);

    expect(await retention().service.sweep()).toEqual({
      sessions: 2,
      refresh_tokens: 1,
      api_keys: 1,
      idempotency_keys: 1,
    });

    expect(await sql('SELECT name FROM api_keys ORDER BY name')).toEqual([
      { name: 'endless' },
      { name: 'just ended' },
    ]);
  });

  it('removes logs and checkpoints of builds that ended, and of none that runs', async () => {
    const [old = ''] = await endedTasks(1, 40);
    const [running = ''] = await endedTasks(1, 40, 'completed');
    await sql(`ALTER TABLE tasks DISABLE TRIGGER refuse_terminal_change`);
    await sql(`UPDATE tasks SET status = 'running', finished_at = NULL WHERE id = $1`, [running]);
    await sql(`ALTER TABLE tasks ENABLE TRIGGER refuse_terminal_change`);
    for (const id of [old, running]) {
      await sql(`INSERT INTO task_logs VALUES ($1, 'tests', 'ok', now() - interval '40 d')`, [id]);
      await sql(
        `INSERT INTO langgraph.checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint)
         VALUES ($1, '', 'c', '{}')`,
        [id],
      );
    }
    await sql(`INSERT INTO langgraph.checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint)
               VALUES ('deleted with its project', '', 'c', '{}')`);

    expect(await retention().service.sweep()).toEqual({ events: 3, logs: 1, checkpoints: 2 });

    expect(await sql('SELECT task_id FROM task_logs')).toEqual([{ task_id: running }]);
    expect(await sql('SELECT thread_id FROM langgraph.checkpoints')).toEqual([
      { thread_id: running },
    ]);
  });

  it('keeps tasks and sources for ever unless told otherwise, and then those on the line', async () => {
    const [old = ''] = await endedTasks(1, 100);
    await endedTasks(1, 50);
    await sql(`INSERT INTO projects (id, owner, name) VALUES ('${P}', 'alice', 'p')`);
    const files: [string, string | null, string | null][] = [
      ['a0000000-0000-4000-8000-000000000000', null, null], // the line's first
      ['b0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000000', null], // the head
      ['c0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000000', old], // of a failed build
      ['d0000000-0000-4000-8000-000000000000', 'c0000000-0000-4000-8000-000000000000', old], // what followed it
    ];
    for (const [index, [id, parent, task]] of files.entries()) {
      await sql(`INSERT INTO blobs VALUES ($1, 1, $1)`, [Buffer.from([index])]);
      await sql(
        `INSERT INTO snapshots (id, project_id, parent_id, task_id, author, file_count, total_bytes, created_at)
         VALUES ($1, '${P}', $2, $3, 'alice', 1, 1, now() - interval '100 d')`,
        [id, parent, task],
      );
      await sql(`INSERT INTO snapshot_files VALUES ($1, 'x', $2)`, [id, Buffer.from([index])]);
    }
    await sql(`INSERT INTO blobs VALUES ('\\xff', 1, '\\xff')`);
    await sql(`UPDATE projects SET head_snapshot_id = 'b0000000-0000-4000-8000-000000000000'`);

    expect(await retention().service.sweep()).toEqual({ events: 6, blobs: 1 });
    const { service, metrics } = retention({ RETENTION_TASKS_DAYS: '60' });
    expect(await service.sweep()).toEqual({ tasks: 1, snapshots: 1, blobs: 1 });
    // The one before it is a leaf now.
    expect(await service.sweep()).toEqual({ snapshots: 1, blobs: 1 });

    expect(await sql('SELECT id FROM snapshots ORDER BY id')).toEqual([
      { id: files[0]?.[0] },
      { id: files[1]?.[0] },
    ]);
    const text = await metrics.registry.metrics();
    expect(text).toContain('retention_removed_total{kind="snapshots"} 2');
    expect(text).toMatch(/^retention_last_run_timestamp_seconds \d{10}/m);
  });

  it('is done by one process, once in the time', async () => {
    await endedTasks(3, 31);
    const other = await kernel.db.pool.connect();
    await other.query('SELECT pg_advisory_lock(7214655028312)');
    expect(await retention().service.sweep()).toBeNull();
    await other.query('SELECT pg_advisory_unlock(7214655028312)');
    other.release();

    expect(await retention().service.sweep(60_000)).toEqual({ events: 9 });
    expect(await retention().service.sweep(60_000)).toBeNull();
  });
});

const P = '99999999-9999-4999-8999-999999999999';

import pg from 'pg';
import { describeWithRedis } from './support/redis-server.js';
import type { Account } from './support/system-client.js';
import { System } from './support/system.js';

const FLOOD = 200;

interface Ended {
  id: string;
  owner: string;
  status: string;
  generation: number;
  ends: number;
  is_gapless: boolean;
}

describeWithRedis('the fair queue on Redis and PostgreSQL, with workers that die', () => {
  const system = new System('distributed', { WORKER_CONCURRENCY: '1' }, 1);
  let database: pg.Client;

  beforeAll(async () => {
    await system.start();
    database = new pg.Client({ connectionString: system.databaseUrl });
    await database.connect();
  }, 60_000);

  afterAll(async () => {
    await database.end();
    await system.stop();
  }, 60_000);

  it("starts another's first task before the flood, and loses and doubles none under kill -9", async () => {
    const alice = await system.register();
    const bob = await system.register();
    // Nobody works while they post.
    await system.worker.stop();
    const flood = await postMany(system, alice, FLOOD);
    const single = await system.build(bob.token, goalThatIsRefused('single'));
    const waiting = await system.request('GET', `/api/build/${single}`, { token: bob.token });
    expect(waiting.body).toMatchObject({ status: 'initializing' });
    expect(waiting.body['queue_position']).toBeLessThanOrEqual(3);

    const startedAt = performance.now();
    const victims = await Promise.all([system.run('worker'), system.run('worker')]);
    for (const victim of victims) {
      await victim.signal('SIGKILL');
      await system.run('worker');
    }
    await Promise.all([...flood].map((id) => system.ended(alice.token, id)));
    const seconds = (performance.now() - startedAt) / 1000;

    const { rows } = await database.query<Ended>(`
      SELECT t.id, t.owner, t.status, t.lease_generation AS generation,
             count(*) FILTER (WHERE e.type <> 'progress')::int AS ends,
             count(*) = max(e.seq) AND max(e.seq) = t.last_seq AS is_gapless
      FROM tasks t JOIN task_events e ON e.task_id = t.id GROUP BY t.id ORDER BY t.started_at`);
    const resumed = rows.filter((row) => row.generation > 1).length;
    process.stdout.write(
      `${rows.length} tasks accepted and ended in ${seconds.toFixed(1)} s with two workers killed, ${resumed} resumed\n`,
    );
    expect(rows).toHaveLength(FLOOD + 1);
    expect(rows.findIndex((row) => row.id === single)).toBeLessThanOrEqual(4);
    expect(rows.filter((row) => row.status !== 'failed')).toEqual([]);
    expect(rows.filter((row) => row.ends !== 1 || !row.is_gapless)).toEqual([]);
  }, 120_000);
});

/** The offline engine refuses it at once: what is left is the queue's own work. */
function goalThatIsRefused(name: string): object {
  return { project_name: name, goal: 'zzz' };
}

async function postMany(system: System, { token }: Account, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const batch = Array.from({ length: 10 }, (_, index) =>
      system.build(token, goalThatIsRefused(`flood-${ids.length + index}`)),
    );
    ids.push(...(await Promise.all(batch)));
  }
  return ids;
}

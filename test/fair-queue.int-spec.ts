import type { Principal } from '../src/auth/principal.js';
import type { Statement } from '../src/infra/database/database.js';
import { isTerminalEvent, type TaskEvent } from '../src/tasks/task-event.js';
import { STATEMENTS } from '../src/tasks/task-statements.js';
import { POSITIONS } from '../src/tasks/task-turns.js';
import { createMigratedDatabase, Sample, startKernel, type Kernel } from './support/kernel.js';
import type { TestDatabase } from './support/postgres.js';

describe('the fair queue', () => {
  let database: TestDatabase;
  let kernel: Kernel;
  let alice: Principal;
  let bob: Principal;

  beforeAll(async () => {
    database = await createMigratedDatabase();
  });

  afterAll(() => database.drop());

  beforeEach(async () => {
    kernel = await startKernel(database);
    alice = await kernel.addUser('alice');
    bob = await kernel.addUser('bob');
  });

  afterEach(() => kernel.close());

  it("starts one user's first task within the first few, whatever another has posted before", async () => {
    const flood = await submitMany(kernel, alice, 200);
    const single = await kernel.submit(bob);
    const position = await positionOf(kernel, bob, single.id);

    const { order } = await workOff(kernel, [...flood, single.id], 1);

    expect(order.indexOf(single.id)).toBeLessThanOrEqual(2);
    expect(position).toBe(order.indexOf(single.id));
    expect([...order].sort()).toEqual([...flood, single.id].sort());
  });

  it('takes turns among users who all have many', async () => {
    const ids = new Map<string, string>();
    for (const user of [alice, bob, await kernel.addUser('carol')]) {
      for (const id of await inOrder(kernel, user, Array<null>(20).fill(null))) {
        ids.set(id, user.username);
      }
    }

    const { order } = await workOff(kernel, [...ids.keys()], 1);

    for (let round = 0; round < 20; round += 1) {
      const served = order.slice(round * 3, round * 3 + 3).map((id) => ids.get(id));
      expect(served.sort()).toEqual(['alice', 'bob', 'carol']);
    }
  });

  it('gives each of the tasks that one user posts at once a turn of its own', async () => {
    await submitMany(kernel, alice, 40);

    const rows = await kernel.db.query<{ turn: number }>({ text: 'SELECT turn FROM tasks' });

    // A tie now and then is let pass rather than a lock held until the commit.
    expect(new Set(rows.map((row) => row.turn)).size).toBeGreaterThanOrEqual(36);
  });

  it('tells the position of each task that waits: as many as really start before it', async () => {
    const ids = [
      ...(await inOrder(kernel, alice, ['a', null, null, 'a', null])),
      ...(await inOrder(kernel, bob, [null, 'b'])),
    ];
    const [tasks] = await kernel.service.list(Sample, { owner: undefined, limit: 20, offset: 0 });
    const told = new Map(tasks.map((task) => [task.id, task.queuePosition]));

    const { order } = await workOff(kernel, ids, 1);

    // The one that waits for its lane knows no more than that it comes behind who is ready now.
    const blocked = ids[3];
    const ready = ids.filter((id) => id !== blocked);
    expect(ready.map((id) => told.get(id))).toEqual(
      ready.map((id) => order.filter((one) => one !== blocked).indexOf(id)),
    );
    expect(told.get(blocked ?? '')).toBeGreaterThan(0);
    const [ended] = await kernel.service.list(Sample, { owner: undefined, limit: 20, offset: 0 });
    expect(new Set(ended.map((task) => task.queuePosition))).toEqual(new Set([null]));
  });

  it("holds nobody up for another's busy lane, and nobody of that lane back for having waited", async () => {
    const lane = await inOrder(kernel, alice, Array<string>(30).fill('a'));
    const single = await kernel.submit(bob);

    const { order } = await workOff(kernel, [...lane, single.id], 4);

    // The four workers claim side by side: as many short tasks of the lane may be through before its claim.
    expect(order.indexOf(single.id)).toBeLessThan(4);
    expect(order.filter((id) => id !== single.id)).toEqual(lane);
  });

  it('forgets what was cancelled: it costs no later turn', async () => {
    for (const id of await submitMany(kernel, alice, 50)) {
      await kernel.service.cancel(alice, Sample, id);
    }
    const others = await inOrder(kernel, bob, [null, null, null]);
    const single = await kernel.submit(alice);

    const { order } = await workOff(kernel, [...others, single.id], 1);

    expect(order.indexOf(single.id)).toBe(1);
  });

  it('resumes first what a worker left behind, and still delivers what waits', async () => {
    const left = await kernel.submit(alice);
    const claim = await kernel.store.claim(left.id, '00000000-0000-4000-8000-000000000000');
    await kernel.store.handBack(claim!.lease);
    const waiting = await submitMany(kernel, bob, 5);

    const { order } = await workOff(kernel, [left.id, ...waiting], 1);

    expect(order[0]).toBe(left.id);
    expect(order).toHaveLength(6);
  });

  it('misses no task for long when its delivery is lost', async () => {
    // Waited so long that its next own delivery is minutes away.
    const rows = await kernel.db.query<{ id: string }>({
      text: `INSERT INTO tasks (id, kind, owner, project_name, input, dispatches, next_dispatch_at)
             SELECT gen_random_uuid(), 'sample', 'alice', 'p', '{}', 6, now() + interval '300 s'
             FROM generate_series(1, 3) RETURNING id`,
    });
    const ids = rows.map((row) => row.id);
    const began = performance.now();

    await workOff(kernel, ids, 1);

    expect(performance.now() - began).toBeLessThan(12_000);
  });

  it('reads a few blocks for an acceptance, a claim and a position, whatever the statistics say', async () => {
    // As on a quiet day, when nothing waits.
    await kernel.db.query({ text: 'VACUUM ANALYZE tasks' });
    await kernel.db.query({
      text: `INSERT INTO tasks (id, kind, owner, project_name, input, lane, turn)
             SELECT gen_random_uuid(), 'sample', 'alice', 'p', '{}', 'lane-' || n, n FROM generate_series(1, 3000) n`,
    });
    const id = '33333333-3333-4333-8333-333333333333';
    const insert = [id, 'sample', 'bob', 'p', {}, 'lane-x', null, null];
    expect(await blocksOf(kernel, STATEMENTS.insert, insert)).toBeLessThan(200);
    expect(await blocksOf(kernel, POSITIONS, [[id]])).toBeLessThan(200);
    expect(await blocksOf(kernel, STATEMENTS.claimNext, [id, id, 1_000, []])).toBeLessThan(200);
    expect(await blocksOf(kernel, STATEMENTS.claim, [id, id, 1_000])).toBeLessThan(200);
    expect(await blocksOf(kernel, STATEMENTS.progress, [id, 1, 5, {}])).toBeLessThan(200);
    expect(await blocksOf(kernel, STATEMENTS.cancel, [id])).toBeLessThan(200);
    expect(await blocksOf(kernel, STATEMENTS.countUnfinished, ['bob', 1_000])).toBeLessThan(200);
  });

  it('starts tasks that the release before wrote, which knows no turns', async () => {
    const flood = await submitMany(kernel, alice, 10);
    const id = '22222222-2222-4222-8222-222222222222';
    await kernel.db.query({
      text: `INSERT INTO tasks (id, kind, owner, project_name, input) VALUES ('${id}', 'sample', 'bob', 'p', '{}')`,
    });

    const { order } = await workOff(kernel, [...flood, id], 1);

    expect(order[0]).toBe(id);
  });
});

/** Runs a statement. @returns how many blocks of tables and indexes it looked at */
async function blocksOf(kernel: Kernel, { text }: Statement, values: unknown[]): Promise<number> {
  const [row] = await kernel.db.query<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(
    { text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}` },
    values,
  );
  const plan = row?.['QUERY PLAN'][0]?.Plan ?? {};
  return (plan['Shared Hit Blocks'] ?? NaN) + (plan['Shared Read Blocks'] ?? NaN);
}

/** All at once. */
async function submitMany(kernel: Kernel, user: Principal, count: number): Promise<string[]> {
  const accepted = await Promise.all(Array.from({ length: count }, () => kernel.submit(user)));
  return accepted.map(({ id }) => id);
}

/** One after another. */
async function inOrder(
  kernel: Kernel,
  user: Principal,
  lanes: (string | null)[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const lane of lanes) {
    ids.push((await kernel.submit(user, lane === null ? {} : { lane })).id);
  }
  return ids;
}

async function positionOf(kernel: Kernel, user: Principal, id: string): Promise<number | null> {
  return (await kernel.service.get(user, Sample, id)).queuePosition;
}

/** Starts a worker and waits for the end of all. @returns the ids in the order in which the tasks started */
async function workOff(
  kernel: Kernel,
  ids: string[],
  concurrency: number,
): Promise<{ order: string[]; events: TaskEvent[] }> {
  const order: string[] = [];
  const runner = kernel.createRunner((task) => {
    order.push(task.id);
    return Promise.resolve({ results: {} });
  });
  await kernel.work(runner, concurrency);
  const ends = await Promise.all(
    ids.map(async (id) => {
      const events: TaskEvent[] = [];
      for await (const event of kernel.follower.follow(id, 0, AbortSignal.timeout(25_000))) {
        events.push(event);
      }
      return events;
    }),
  );
  expect(ends.map((events) => events.filter(isTerminalEvent).length)).toEqual(ids.map(() => 1));
  return { order, events: ends.flat() };
}

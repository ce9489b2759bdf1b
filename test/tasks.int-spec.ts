import { setTimeout as delay } from 'node:timers/promises';
import type { Principal } from '../src/auth/principal.js';
import { isTerminalEvent, type TaskEvent } from '../src/tasks/task-event.js';
import { TaskFailed, TaskParked, type TaskContext } from '../src/tasks/task-processor.js';
import { LeaseLost } from '../src/tasks/lease.js';
import { createMigratedDatabase, Sample, startKernel, type Kernel } from './support/kernel.js';
import type { TestDatabase } from './support/postgres.js';

/** Resolves when the task's terminal event is there, with all events. */
async function untilEnd(kernel: Kernel, id: string): Promise<TaskEvent[]> {
  const events: TaskEvent[] = [];
  for await (const event of kernel.follower.follow(id, 0, AbortSignal.timeout(20_000))) {
    events.push(event);
  }
  return events;
}

/** Rejects when the signal is aborted, as a well-behaved step does. */
function untilAborted({ signal }: TaskContext): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) {
      onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

describe('the task kernel', () => {
  let database: TestDatabase;
  let kernel: Kernel;
  let alice: Principal;

  beforeAll(async () => {
    database = await createMigratedDatabase();
  });

  afterAll(() => database.drop());

  beforeEach(async () => {
    kernel = await startKernel(database);
    alice = await kernel.addUser('alice');
  });

  afterEach(() => kernel.close());

  it('takes a task from accepted to completed, with events in order and none missing', async () => {
    await kernel.work(
      kernel.createRunner(async (_, context) => {
        await context.progress(10, 'First');
        await context.progress(5, 'Second');
        return { results: { answer: 42 } };
      }),
    );
    const { id } = await kernel.submit(alice);
    const events = await untilEnd(kernel, id);
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(events.map((event) => event.type)).toEqual([
      'progress',
      'progress',
      'progress',
      'progress',
      'completion',
    ]);
    expect(events.map((event) => event.body['progress'])).toEqual([0, 0, 10, 10, 100]);
    const task = await kernel.service.get(alice, Sample, id);
    expect(task).toMatchObject({
      status: 'completed',
      progress: 100,
      results: { answer: 42 },
      error: null,
    });
  });

  it.each([
    [
      'a failure for the user',
      new TaskFailed('No such framework', { why: 1 }),
      'No such framework',
      { why: 1 },
    ],
    ['a bug', new TypeError('x is undefined'), 'Internal error', null],
    [
      'a full disk',
      Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }),
      'The server has no disk space left: try again later',
      null,
    ],
  ])('ends as failed after %s', async (_, thrown, error, results) => {
    await kernel.work(kernel.createRunner(() => Promise.reject(thrown)));
    const { id } = await kernel.submit(alice);
    const last = (await untilEnd(kernel, id)).at(-1);
    expect(last).toMatchObject({ type: 'error', body: { status: 'failed', error } });
    expect(await kernel.service.get(alice, Sample, id)).toMatchObject({
      status: 'failed',
      error,
      results,
    });
  });

  it('cancels a running task, stops its work and records how long that took', async () => {
    const runner = kernel.createRunner((_, context) => untilAborted(context));
    await kernel.work(runner);
    const { id } = await kernel.submit(alice);
    for await (const event of kernel.follower.follow(id, 0, AbortSignal.timeout(10_000))) {
      if (event.body.status === 'running') {
        break;
      }
    }
    await kernel.service.cancel(alice, Sample, id);
    const events = await untilEnd(kernel, id);
    expect(events.filter(isTerminalEvent)).toHaveLength(1);
    expect(events.at(-1)?.type).toBe('cancelled');
    await kernel.queue.close();
    const task = await kernel.service.get(alice, Sample, id);
    expect(task.status).toBe('cancelled');
    expect(task.stoppedInMs).toBeGreaterThanOrEqual(0);
    expect(task.stoppedInMs).toBeLessThan(2_000);
    await expect(kernel.service.cancel(alice, Sample, id)).rejects.toMatchObject({
      code: 'conflict',
      detail: 'Sample cannot be cancelled: it is already cancelled',
    });
  });

  it('notices a cancel whose message got lost', async () => {
    let reason: unknown;
    const runner = kernel.createRunner(async (_, context) => {
      // Past the service, which would publish it.
      await kernel.store.cancel(id);
      await untilAborted(context).catch((error: unknown) => (reason = error));
      throw new Error('aborted');
    });
    const { id } = await kernel.submit(alice);
    await runner.run({ kind: 'sample', taskId: id });
    expect(reason).toBeInstanceOf(LeaseLost);
    const task = await kernel.service.get(alice, Sample, id);
    expect(task).toMatchObject({ status: 'cancelled' });
    expect(task.stoppedInMs).toBeLessThan(2_000);
  });

  it('delivers twice, runs once', async () => {
    let runs = 0;
    const runner = kernel.createRunner(async () => {
      runs += 1;
      await delay(50);
      return { results: {} };
    });
    const other = kernel.createRunner(() => Promise.reject(new Error('never')));
    const { id } = await kernel.submit(alice);
    await Promise.all([
      runner.run({ kind: 'sample', taskId: id }),
      runner.run({ kind: 'sample', taskId: id }),
      delay(20).then(() => other.run({ kind: 'sample', taskId: id })),
    ]);
    expect(runs).toBe(1);
    expect((await kernel.service.get(alice, Sample, id)).status).toBe('completed');
  });

  it('resumes a task whose worker died, and refuses what the dead one writes later', async () => {
    const { id } = await kernel.submit(alice);
    const dead = await kernel.store.claim(id, '00000000-0000-4000-8000-000000000000');
    await kernel.db.query({ text: `UPDATE tasks SET lease_until = now() - interval '1 s'` });
    await kernel.work(kernel.createRunner(() => Promise.resolve({ results: { by: 'second' } })));
    await untilEnd(kernel, id);
    expect(dead).not.toBeNull();
    await expect(kernel.store.progress(dead!.lease, 50, {})).rejects.toBeInstanceOf(LeaseLost);
    await expect(
      kernel.store.complete(dead!.lease, { results: { by: 'first' } }),
    ).rejects.toBeInstanceOf(LeaseLost);
    expect(await kernel.service.get(alice, Sample, id)).toMatchObject({
      results: { by: 'second' },
    });
  });

  it('gives a task up after three dead workers', async () => {
    const { id } = await kernel.submit(alice);
    for (let death = 0; death < 3; death += 1) {
      expect(await kernel.store.claim(id, '00000000-0000-4000-8000-000000000000')).not.toBeNull();
      await kernel.db.query({ text: `UPDATE tasks SET lease_until = now() - interval '1 s'` });
    }
    await kernel.work(kernel.createRunner(() => Promise.resolve({ results: {} })));
    const last = (await untilEnd(kernel, id)).at(-1);
    expect(last?.body).toMatchObject({
      status: 'failed',
      error: 'The workers on this task died 3 times; it was given up',
    });
  });

  describe('parking', () => {
    const isDue = () => kernel.db.query({ text: 'UPDATE tasks SET next_dispatch_at = now()' });

    /** Parks every task once, for a minute. */
    async function workParking(): Promise<void> {
      const parked = new Set<string>();
      const runner = kernel.createRunner((task) => {
        if (task.input['parks' as never] && !parked.has(task.id)) {
          parked.add(task.id);
          return Promise.reject(new TaskParked('Somebody else is busy', 60_000));
        }
        return Promise.resolve({ results: {} });
      });
      await kernel.work(runner, 1);
    }

    async function untilParked(id: string): Promise<TaskEvent> {
      for await (const event of kernel.follower.follow(id, 0, AbortSignal.timeout(20_000))) {
        if ((event.body['data'] as object | undefined)?.['parked_until' as never]) {
          return event;
        }
      }
      throw new Error('It ended without being parked');
    }

    it('gives the place to others, says until when, and goes on then', async () => {
      await workParking();
      const { id } = await kernel.submit(alice, { input: { parks: true } });
      const event = await untilParked(id);
      const data = event.body['data'] as { current_step: string; parked_until: string };
      expect(data.current_step).toBe('Somebody else is busy');
      const waitMs = Date.parse(data.parked_until) - event.createdAt.getTime();
      expect(Math.round(waitMs / 1000)).toBe(60);
      const other = await kernel.submit(alice);
      await untilEnd(kernel, other.id);
      expect((await kernel.service.get(alice, Sample, id)).status).toBe('running');

      await isDue();

      expect((await untilEnd(kernel, id)).at(-1)?.body.status).toBe('completed');
      const rows = await kernel.db.query(
        {
          text: 'SELECT lost_workers, lease_generation FROM tasks WHERE id = $1',
        },
        [id],
      );
      expect(rows).toEqual([{ lost_workers: 0, lease_generation: 2 }]);
    });

    it('is left by a cancel, and its lane goes on', async () => {
      await workParking();
      const { id } = await kernel.submit(alice, { lane: 'l', input: { parks: true } });
      await untilParked(id);
      const next = await kernel.submit(alice, { lane: 'l' });
      expect((await kernel.service.get(alice, Sample, next.id)).status).toBe('initializing');

      await kernel.service.cancel(alice, Sample, id);

      expect(await kernel.service.get(alice, Sample, id)).toMatchObject({
        status: 'cancelled',
        stoppedInMs: 0,
      });
      expect((await untilEnd(kernel, next.id)).at(-1)?.body.status).toBe('completed');
      await isDue();
      expect((await untilEnd(kernel, id)).at(-1)?.body.status).toBe('cancelled');
    });
  });

  it('hands running tasks back when the process stops, without counting a death', async () => {
    const first = kernel.createRunner((_, context) => untilAborted(context));
    const { id } = await kernel.submit(alice);
    const run = first.run({ kind: 'sample', taskId: id });
    for await (const event of kernel.follower.follow(id, 0, AbortSignal.timeout(10_000))) {
      if (event.body.status === 'running') {
        break;
      }
    }
    first.handBackAll();
    await run;
    await kernel
      .createRunner(() => Promise.resolve({ results: {} }))
      .run({ kind: 'sample', taskId: id });
    const [row] = await kernel.db.query<{ status: string; lost_workers: number }>({
      text: 'SELECT status, lost_workers FROM tasks',
    });
    expect(row).toEqual({ status: 'completed', lost_workers: 0 });
  });

  it('delivers what was accepted but never enqueued', async () => {
    await kernel.db.query(
      {
        text: `INSERT INTO tasks (id, kind, owner, project_name, input) VALUES ($1, 'sample', 'alice', 'p', '{}')`,
      },
      ['11111111-1111-4111-8111-111111111111'],
    );
    await kernel.work(kernel.createRunner(() => Promise.resolve({ results: {} })));
    const events = await untilEnd(kernel, '11111111-1111-4111-8111-111111111111');
    expect(events.at(-1)?.type).toBe('completion');
  });

  it('fails a task at its time limit, counting what earlier workers used', async () => {
    const { id } = await kernel.submit(alice);
    await kernel.db.query({ text: 'UPDATE tasks SET ran_ms = 4900' });
    await kernel
      .createRunner((_, context) => untilAborted(context), 5_000)
      .run({ kind: 'sample', taskId: id });
    expect(await kernel.service.get(alice, Sample, id)).toMatchObject({
      status: 'failed',
      error: 'Time limit of 5 s reached',
    });
  });

  it('runs the tasks of one lane one after another, in order, and others beside them', async () => {
    const running = new Set<string>();
    const order: string[] = [];
    let together = 0;
    await kernel.work(
      kernel.createRunner(async (task) => {
        const { name } = task.input as { name: string };
        running.add(name);
        order.push(name);
        together = Math.max(together, [...running].filter((one) => one.startsWith('a')).length);
        await delay(30);
        running.delete(name);
        return { results: {} };
      }),
    );
    const ids = [];
    for (const name of ['a1', 'a2', 'a3']) {
      ids.push((await kernel.submit(alice, { lane: 'a', input: { name } })).id);
    }
    ids.push((await kernel.submit(alice, { lane: 'b', input: { name: 'b1' } })).id);
    await Promise.all(ids.map((id) => untilEnd(kernel, id)));
    expect(together).toBe(1);
    expect(order.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(order.indexOf('b1')).toBeLessThan(order.indexOf('a3'));
  });

  it('answers a repeated Idempotency-Key with the first task, also at once', async () => {
    const [first, second] = await Promise.all([
      kernel.submit(alice, { key: 'k' }),
      kernel.submit(alice, { key: 'k' }),
    ]);
    expect(second).toMatchObject({ id: first.id });
    expect(await kernel.submit(alice, { key: 'k' })).toMatchObject({ id: first.id });
    await expect(kernel.submit(alice, { key: 'k', input: { a: 2 } })).rejects.toMatchObject({
      code: 'conflict',
    });
    const bob = await kernel.addUser('bob');
    expect((await kernel.submit(bob, { key: 'k' })).id).not.toBe(first.id);
    await kernel.db.query({ text: `UPDATE tasks SET created_at = now() - interval '25 h'` });
    expect((await kernel.submit(alice, { key: 'k', input: { a: 2 } })).id).not.toBe(first.id);
  });

  it.each([
    ['bob', 'user', 'forbidden'],
    ['vera', 'viewer', null],
    ['root', 'admin', null],
  ] as const)('lets %s, a %s, read a task of alice: %s', async (name, role, code) => {
    const reader = await kernel.addUser(name, role);
    const { id } = await kernel.submit(alice);
    const reading = kernel.service.get(reader, Sample, id);
    await (code
      ? expect(reading).rejects.toMatchObject({ code })
      : expect(reading).resolves.toBeDefined());
  });

  it('never changes a terminal row, whoever asks', async () => {
    const { id } = await kernel.submit(alice);
    await kernel.service.cancel(alice, Sample, id);
    await expect(
      kernel.db.query({ text: `UPDATE tasks SET status = 'running' WHERE id = $1` }, [id]),
    ).rejects.toThrow("that can't change");
  });

  it('refuses a user with too many unfinished tasks', async () => {
    await kernel.close();
    kernel = await startKernel(database, { QUOTA_UNFINISHED_TASKS: '2' });
    alice = await kernel.addUser('alice');
    await kernel.submit(alice);
    const { id } = await kernel.submit(alice);
    await expect(kernel.submit(alice)).rejects.toMatchObject({ code: 'conflict' });
    await kernel.service.cancel(alice, Sample, id);
    await expect(kernel.submit(alice)).resolves.toBeDefined();
  });

  it('lets a cancel and the end race: whoever answers first holds', async () => {
    const work = kernel.createRunner(async (_, context) => {
      await delay(Math.random() * 10);
      context.signal.throwIfAborted();
      return { results: {} };
    });
    await kernel.work(work, 8);
    const ends = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const { id } = await kernel.submit(alice);
        await delay(Math.random() * 25);
        const won = await kernel.service.cancel(alice, Sample, id).then(
          () => true,
          () => false,
        );
        const events = await untilEnd(kernel, id);
        const { status } = await kernel.service.get(alice, Sample, id);
        return { won, status, terminal: events.filter(isTerminalEvent).length };
      }),
    );
    for (const end of ends) {
      expect(end).toEqual({
        won: end.won,
        status: end.won ? 'cancelled' : 'completed',
        terminal: 1,
      });
    }
  });
});

import Bull from 'bull';
import { describeWithRedis } from '../support/redis-server.js';
import { LONG_BUILD } from '../support/system-build.js';
import { Batch } from './fault-batch.js';
import { CASE_MS, inForm } from './fault-form.js';
import { FaultSystem, freeze, thaw } from './fault-system.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants } from './invariants.js';
import { descendantsOf, survivorsOf } from './process-family.js';
import { allowHolds, StepHold } from './step-hold.js';
import { waitUntil } from './wait-until.js';

/** As the product and the process that stands in for a doubled delivery both call it. */
const QUEUE = 'tasks';

describeWithRedis('one owner of each task, on Redis and PostgreSQL', () => {
  const system = FaultSystem.forSuite({
    workers: 2,
    settings: () => ({ WORKER_CONCURRENCY: '2' }),
  });

  beforeAll(() => allowHolds(system));

  it(
    'though every job is delivered four times at once, to two workers',
    async () => {
      const queue = new Bull(QUEUE, system.redisUrl);
      system.around.push(() => queue.close());
      const batch = new Batch(system, await system.accounts(2), 'doubled');
      const workers = system.all('worker');
      const startedAt = performance.now();
      // Nobody works while they are posted, and then both begin at once.
      workers.forEach(freeze);
      const tasks = await batch.analyses(inForm(8, 100));
      const jobs = tasks.flatMap(({ id: taskId, kind }) =>
        Array.from({ length: 3 }, () => ({ data: { kind, taskId } })),
      );
      await queue.addBulk(jobs);
      workers.forEach(thaw);
      await batch.ended();
      const claimed = await system.query(
        'SELECT id FROM tasks WHERE id = ANY($1::uuid[]) AND lease_generation <> 1',
        [batch.ids],
      );
      expect(claimed).toEqual([]);
      const tally = await expectInvariants(system, batch);
      const recoverySeconds = (performance.now() - startedAt) / 1000;
      tellOutcome({
        ...{ harm: 'each job delivered four times at once', times: jobs.length },
        ...{ ...tally, recoverySeconds },
      });
    },
    CASE_MS,
  );

  it(
    'though a worker slept longer than its lease: it stops its children and writes nothing',
    async () => {
      const batch = new Batch(system, await system.accounts(1), 'slept');
      const body = { ...LONG_BUILD, project_name: 'slept' };
      const start = await StepHold.of(system, 'slept', 'Planning');
      const task = await batch.post('build', body);
      const sleeper = await start.reached();
      await start.release();
      const stream = batch.watch(task);
      await stream.until(({ data }) => stepOf(data) === 'Running checks');
      await waitUntil('its checks to run', () => descendantsOf(sleeper.pid).length > 0);
      freeze(sleeper);
      const family = descendantsOf(sleeper.pid);
      const frozenAt = performance.now();

      // Whoever goes on with it is kept there, so that the sleeper wakes up while somebody else owns it.
      const end = await StepHold.of(system, 'slept', 'Packaging');
      await stream.until(({ data }) => stepOf(data) === 'Resuming');
      const recoverySeconds = (performance.now() - frozenAt) / 1000;
      const owner = await end.reached();
      expect(owner.pid).not.toBe(sleeper.pid);
      const before = await eventsOf(task.id);
      thaw(sleeper);
      await waitUntil('its children to end', () => survivorsOf(family).length === 0);
      await waitUntil('it to let go', () => descendantsOf(sleeper.pid).length === 0);
      expect(await eventsOf(task.id)).toEqual(before);
      await end.release();
      await batch.ended();

      const [row] = await system.query(
        'SELECT status, lease_generation AS generation, lost_workers AS lost FROM tasks WHERE id = $1',
        [task.id],
      );
      expect(row).toEqual({ status: 'completed', generation: 2, lost: 1 });
      expect(sleeper.isRunning).toBe(true);
      const tally = await expectInvariants(system, batch);
      tellOutcome({
        ...{ harm: 'SIGSTOP of a worker past its lease, then SIGCONT', times: 1 },
        ...{ ...tally, recoverySeconds },
      });
    },
    CASE_MS,
  );

  async function eventsOf(id: string) {
    return system.query('SELECT seq, body FROM task_events WHERE task_id = $1 ORDER BY seq', [id]);
  }
});

function stepOf(data: unknown): string | undefined {
  return (data as { current_step?: string } | undefined)?.current_step;
}

import { LONG_BUILD } from '../support/system-build.js';
import { describeWithRedis } from '../support/redis-server.js';
import type { SystemProcess } from '../support/system-process.js';
import { Batch, type AcceptedTask } from './fault-batch.js';
import { CASE_MS, inForm, SeededRandom } from './fault-form.js';
import { FaultSystem } from './fault-system.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants } from './invariants.js';
import { descendantsOf } from './process-family.js';
import { waitUntil } from './wait-until.js';

const CLEAN_EXIT = { code: 0, signal: null };
/** Five seconds for running tasks, and what it takes to end the rest in order. */
const EXIT_LIMIT_MS = inForm(60_000, 15_000);
const WORKERS = 3;

describeWithRedis('SIGTERM under load, on Redis and PostgreSQL', () => {
  const system = FaultSystem.forSuite({
    workers: WORKERS,
    apis: 2,
    settings: () => ({ WORKER_CONCURRENCY: '2' }),
  });
  const random = new SeededRandom('SIGTERM');

  async function stop(victim: SystemProcess): Promise<void> {
    const startedAt = performance.now();
    expect(await victim.stop()).toEqual(CLEAN_EXIT);
    expect(performance.now() - startedAt).toBeLessThan(EXIT_LIMIT_MS);
  }

  /**
   * A lease that lapsed would count as a lost worker: these were given back, or brought to their end. And what stops with
   * the process, such as the engines, broke none of them.
   */
  async function expectNoneHarmed(batch: Batch): Promise<void> {
    expect(await system.query(HARMED, [batch.ids])).toEqual([]);
  }

  /** The longest of those that another worker went on with. */
  async function secondsToResume(batch: Batch, since: string): Promise<number> {
    const [row] = await system.query<{ seconds: number }>(RESUMED_AFTER, [batch.ids, since]);
    return row?.seconds ?? 0;
  }

  async function now(): Promise<string> {
    const [row] = await system.query<{ now: string }>('SELECT now()::text AS now');
    return row?.now ?? '';
  }

  it(
    'stops a worker in time, and its tasks go on elsewhere at once',
    async () => {
      const batch = new Batch(system, await system.accounts(2), 'stopped');
      const times = inForm(1, 6);
      let recoverySeconds = 0;
      for (let time = 1; time <= times; time += 1) {
        await batch.builds(inForm(2, 4), { parameters: LONG_BUILD.parameters });
        await batch.analyses(random.between(2, inForm(6, 20)));
        const victim = await waitUntil('a worker at work', () =>
          system.all('worker').find(({ pid }) => descendantsOf(pid).length > 0),
        );
        const since = await now();
        await stop(victim);
        await system.run('worker');
        await batch.ended();
        recoverySeconds = Math.max(recoverySeconds, await secondsToResume(batch, since));
      }
      await expectNoneHarmed(batch);
      const tally = await expectInvariants(system, batch);
      tellOutcome({ harm: 'SIGTERM of a worker under load', times, ...tally, recoverySeconds });
    },
    CASE_MS,
  );

  it(
    'stops an API with 1001 for its clients, who miss nothing at the other one',
    async () => {
      const batch = new Batch(system, await system.accounts(2), 'told');
      const tasks: AcceptedTask[] = [
        ...(await batch.builds(1)),
        ...(await batch.analyses(inForm(3, 20))),
      ];
      const victim = system.front;
      const streams = tasks.map((task) => ({ task, stream: batch.watch(task, 0, victim.url) }));
      await Promise.all(streams.map(({ stream }) => stream.connected()));
      const startedAt = performance.now();
      await stop(victim);
      const codes = await Promise.all(
        streams.map(async ({ stream }) => (await stream.closed).code),
      );
      // 1000: its task had ended before.
      expect(codes.filter((code) => code !== 1001 && code !== 1000)).toEqual([]);
      expect(codes).toContain(1001);
      await Promise.all(
        streams.map(async ({ task, stream }) => {
          const back = batch.watch(task, Math.max(0, ...stream.seqs));
          expect((await back.closed).code).toBe(1000);
          const seqs = [...stream.seqs, ...back.seqs];
          expect(seqs).toEqual(seqs.map((_, index) => index + 1));
        }),
      );
      const recoverySeconds = (performance.now() - startedAt) / 1000;
      await system.run('api');
      const tally = await expectInvariants(system, batch);
      tellOutcome({ harm: 'SIGTERM of an API with streams', times: 1, ...tally, recoverySeconds });
    },
    CASE_MS,
  );

  // Takes minutes on a busy machine.
  inForm(it.skip, it)(
    'restarts three workers one after the other while tasks come in',
    async () => {
      const batch = new Batch(system, await system.accounts(3), 'rolling');
      while (system.all('worker').length < WORKERS) {
        await system.run('worker');
      }
      const olds = system.all('worker');
      let isRolling = true;
      const load = (async () => {
        while (isRolling) {
          await batch.analyses(2);
          await waitUntil('the queue to be short', async () => (await open(batch)) < 8);
        }
      })();
      await batch.builds(inForm(1, 6));
      const startedAt = performance.now();
      for (const old of olds) {
        await system.run('worker');
        await stop(old);
      }
      isRolling = false;
      await load;
      await batch.ended();
      expect(olds).toHaveLength(WORKERS);
      const recoverySeconds = (performance.now() - startedAt) / 1000;
      await expectNoneHarmed(batch);
      const tally = await expectInvariants(system, batch);
      const harm = 'rolling restart of three workers under load';
      tellOutcome({ harm, times: WORKERS, ...tally, recoverySeconds });
    },
    CASE_MS,
  );

  async function open(batch: Batch): Promise<number> {
    const rows = await system.query(
      'SELECT 1 FROM tasks WHERE id = ANY($1::uuid[]) AND finished_at IS NULL',
      [batch.ids],
    );
    return rows.length;
  }
});

const HARMED = `
  SELECT id, kind, status, error, lost_workers, results -> 'engines' AS engines FROM tasks
  WHERE id = ANY($1::uuid[])
    AND (status <> 'completed' OR lost_workers > 0 OR EXISTS (
      SELECT 1 FROM json_array_elements(CASE WHEN kind = 'analysis' THEN results -> 'engines' ELSE '[]' END) e
      WHERE e ->> 'status' = 'failed'))`;

const RESUMED_AFTER = `
  SELECT extract(epoch FROM max(created_at) - $2::timestamptz)::float8 AS seconds
  FROM task_events
  WHERE task_id = ANY($1::uuid[]) AND created_at > $2::timestamptz
    AND body #>> '{data,current_step}' = 'Resuming'`;

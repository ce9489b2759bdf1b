import { describeWithRedis } from '../support/redis-server.js';
import { Batch, type AcceptedTask } from './fault-batch.js';
import { CASE_MS, inForm, isFullForm, SeededRandom } from './fault-form.js';
import { FaultSystem } from './fault-system.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants } from './invariants.js';
import { allowHolds, StepHold } from './step-hold.js';
import { waitUntil } from './wait-until.js';

/** Until everything that a cancelled task ran is dead. */
const STOP_LIMIT_MS = 2_000;
/** As many as their places, so that most are caught at work. */
const AT_ONCE = 2;

interface Row {
  status: string;
  stopped_in_ms: number | null;
  was_running: boolean;
}

describeWithRedis('cancel, on Redis and PostgreSQL', () => {
  const system = FaultSystem.forSuite({
    settings: () => ({ WORKER_CONCURRENCY: String(AT_ONCE) }),
  });
  const random = new SeededRandom('cancel');

  async function rowOf({ id }: AcceptedTask): Promise<Row | undefined> {
    const [row] = await system.query<Row>(
      `SELECT status, stopped_in_ms, started_at IS NOT NULL AS was_running FROM tasks WHERE id = $1`,
      [id],
    );
    return row;
  }

  /** Cancels after so many of its events. @returns whether the cancel won */
  async function cancelAfter(batch: Batch, task: AcceptedTask, events: number): Promise<boolean> {
    const stream = batch.watch(task);
    // Where it ends before, the cancel comes too late, which is a case as well.
    await stream.untilSeq(events).catch(() => undefined);
    const { status } = await batch.cancel(task);
    expect([200, 409]).toContain(status);
    expect((await stream.closed).code).toBe(1000);
    const end = stream.messages.at(-1)?.type;
    const row = await rowOf(task);
    if (status === 409) {
      expect([row?.status, end]).toEqual(['completed', 'completion']);
      return false;
    }
    expect([row?.status, end]).toEqual(['cancelled', 'cancelled']);
    if (row?.was_running) {
      const stoppedInMs = await waitUntil('the proof that it stopped', async () => {
        return (await rowOf(task))?.stopped_in_ms ?? null;
      });
      const told = stream.messages.at(-2)?.['data'] as { current_step?: string } | undefined;
      stops.push({ ms: stoppedInMs, kind: task.kind, at: told?.current_step });
    }
    return true;
  }

  const stops: { ms: number; kind: string; at: string | undefined }[] = [];

  it(
    'holds once it is answered with 200, at whatever step it comes',
    async () => {
      const times = inForm(16, 200);
      const batch = new Batch(system, await system.accounts(2), 'cancelled');
      let wins = 0;
      const cancelInTurn = async () => {
        while (batch.accepted.length < times) {
          // A build tells of about 12 steps, an analysis of about 8.
          const isBuild = random.between(1, 4) === 1;
          const body = isBuild ? batch.buildBody() : batch.analysisBody();
          const task = await batch.post(isBuild ? 'build' : 'analysis', body);
          wins += (await cancelAfter(batch, task, random.between(1, isBuild ? 12 : 9))) ? 1 : 0;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, cancelInTurn));
      expect(wins).toBeGreaterThan(0);
      // The short form runs beside other tests, which may starve it; `lifecycle` holds one build to the limit.
      expect(isFullForm ? stops.filter(({ ms }) => ms >= STOP_LIMIT_MS) : []).toEqual([]);
      const tally = await expectInvariants(system, batch);
      const recoverySeconds = Math.max(0, ...stops.map(({ ms }) => ms)) / 1000;
      tellOutcome({ harm: 'cancel at random steps', times, ...tally, recoverySeconds });
    },
    CASE_MS,
  );

  it(
    'comes too late for a task whose end is being written, and changes nothing',
    async () => {
      await allowHolds(system);
      const batch = new Batch(system, await system.accounts(1), 'late');
      const body = batch.analysisBody();
      const hold = await StepHold.of(system, body.project_name, 'completion');
      const task = await batch.post('analysis', body);
      await hold.reached();
      const late = batch.cancel(task);
      await waitUntil('the cancel to wait for the end', async () => {
        const rows = await system.query(`
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event <> 'advisory'`);
        return rows.length > 0;
      });
      await hold.release();
      expect((await late).status).toBe(409);
      await batch.ended();
      expect((await rowOf(task))?.status).toBe('completed');
      await expectInvariants(system, batch);
    },
    CASE_MS,
  );
});

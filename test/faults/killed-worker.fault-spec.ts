import { describeWithRedis } from '../support/redis-server.js';
import { Batch, type AcceptedTask } from './fault-batch.js';
import { CASE_MS, inForm, SeededRandom } from './fault-form.js';
import { FaultSystem } from './fault-system.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants } from './invariants.js';
import { descendantsOf, survivorsOf } from './process-family.js';
import { allowHolds, StepHold, type LeftLease } from './step-hold.js';
import { waitUntil } from './wait-until.js';

/** Beyond the lease, until another worker has the task. */
const LIMIT_S = 5;
const LEASE_S = 10;
const DEATHS_OF_POISON = 3;

/** What a build tells from a step on, again or for the first time. */
const FROM_PACKAGE = /^(Resuming|Packaging)$/;
const FROM_VERIFY = /^(Resuming|Waiting for|Preparing|Running checks|Passed: |Packaging)/;
const FROM_SCAFFOLD =
  /^(Resuming|Generating|Waiting for|Preparing|Running checks|Passed: |Packaging)/;
const FROM_PLAN = /./;

interface Step {
  kind: 'build' | 'analysis';
  /** Where the task is caught. */
  at: string;
  percent?: number;
  /** All that may be told afterwards: what is finished is not run again. */
  after: RegExp;
}

const BUILD_STEPS: Step[] = [
  { kind: 'build', at: 'Starting', after: FROM_PLAN },
  { kind: 'build', at: 'Planning', after: FROM_PLAN },
  { kind: 'build', at: 'Generating code', after: FROM_SCAFFOLD },
  { kind: 'build', at: 'Generating code', percent: 25, after: FROM_SCAFFOLD },
  { kind: 'build', at: 'Running checks', after: FROM_VERIFY },
  { kind: 'build', at: 'Passed: ', after: FROM_VERIFY },
  { kind: 'build', at: 'Packaging', after: FROM_PACKAGE },
  { kind: 'build', at: 'completion', after: /^Resuming$/ },
];

/** It writes nothing but its results, and begins again. */
const ANALYSIS_STEPS: Step[] = [
  { kind: 'analysis', at: 'Reading the source', after: /./ },
  { kind: 'analysis', at: 'Running ', after: /./ },
  { kind: 'analysis', at: 'Drawing conclusions', after: /./ },
  { kind: 'analysis', at: 'completion', after: /./ },
];

interface Death {
  step: Step;
  task: AcceptedTask;
  /** From the end of the lease to the next claim. */
  seconds: number;
}

/** There is a worker for each, and one for the poison: what lost its worker finds a free one. */
const SIDE_BY_SIDE = 2;

describeWithRedis('kill -9 of a worker, on Redis and PostgreSQL', () => {
  const system = FaultSystem.forSuite({
    workers: SIDE_BY_SIDE + 1,
    settings: () => ({ WORKER_CONCURRENCY: '1' }),
  });
  let batch: Batch;

  beforeAll(async () => {
    await allowHolds(system);
    batch = new Batch(system, await system.accounts(2), 'killed');
  }, CASE_MS);

  /** Kills the worker that stands there with all that it started. */
  async function kill(hold: StepHold): Promise<LeftLease> {
    const worker = await hold.reached();
    const family = descendantsOf(worker.pid);
    const lease = await hold.kill();
    await waitUntil('its processes to end', () => survivorsOf(family).length === 0);
    return lease;
  }

  /** From the end of the dead worker's lease to the claim of the next, as the database saw both. */
  function secondsTo(
    { id }: AcceptedTask,
    at: string,
    { generation, until }: LeftLease,
  ): Promise<number> {
    return waitUntil(`another worker to resume task ${id}, killed at ${at}`, async () => {
      const [row] = await system.query<{ seconds: number }>(RESUMED, [id, generation, until]);
      return row?.seconds;
    });
  }

  async function toldAfterResuming({ id }: AcceptedTask): Promise<string[]> {
    const rows = await system.query<{ step: string }>(STEPS_TOLD, [id]);
    const steps = rows.map(({ step }) => step);
    return steps.slice(Math.max(steps.lastIndexOf('Resuming'), steps.indexOf('Starting')));
  }

  async function killInStep(step: Step): Promise<Death> {
    // In the place of the one that will die: what is measured is not how fast a process starts.
    await system.run('worker');
    const body = step.kind === 'build' ? batch.buildBody() : batch.analysisBody();
    const hold = await StepHold.of(system, body.project_name, step.at, step.percent);
    const task = await batch.post(step.kind, body);
    const lease = await kill(hold);
    await hold.release();
    const seconds = await secondsTo(task, step.at, lease);
    // Its new worker is free again, for the next one that dies.
    await batch.watch(task).closed;
    return { step, task, seconds };
  }

  async function killInTurn(steps: Step[]): Promise<Death[]> {
    const deaths: Death[] = [];
    for (let step = steps.shift(); step; step = steps.shift()) {
      deaths.push(await killInStep(step));
    }
    return deaths;
  }

  /** @returns how the task ended that killed each worker which took it */
  async function poison(): Promise<unknown> {
    const body = batch.analysisBody();
    const hold = await StepHold.of(system, body.project_name, 'Reading the source');
    const { id } = await batch.post('analysis', body);
    for (let death = 1; death <= DEATHS_OF_POISON; death += 1) {
      await system.run('worker');
      await kill(hold);
    }
    await hold.release();
    await batch.ended();
    const [row] = await system.query('SELECT status, error FROM tasks WHERE id = $1', [id]);
    return row;
  }

  it(
    'is survived in every step, except by a task that killed three: it fails as poison',
    async () => {
      const random = new SeededRandom('kill -9 of a worker');
      const rounds = Array.from({ length: inForm(1, 3) }, () => [
        ...random.sample(BUILD_STEPS, inForm(3, BUILD_STEPS.length)),
        ...random.sample(ANALYSIS_STEPS, inForm(1, ANALYSIS_STEPS.length)),
      ]);
      const steps = rounds.flat();
      const times = steps.length + DEATHS_OF_POISON;
      const lanes = Array.from({ length: SIDE_BY_SIDE }, () => killInTurn(steps));
      const [poisoned, ...lists] = await Promise.all([poison(), ...lanes]);
      await batch.ended();

      const deaths = lists.flat();
      for (const { step, task } of deaths) {
        const told = await toldAfterResuming(task);
        expect([step.at, told.filter((each) => !step.after.test(each))]).toEqual([step.at, []]);
      }
      expect(poisoned).toEqual({
        status: 'failed',
        error: 'The workers on this task died 3 times; it was given up',
      });
      const seconds = deaths.map((death) => death.seconds);
      expect(seconds.filter((each) => each < 0 || each > LIMIT_S)).toEqual([]);
      const tally = await expectInvariants(system, batch);
      const recoverySeconds = LEASE_S + Math.max(...seconds);
      tellOutcome({ harm: 'kill -9 of a worker, in each step', times, ...tally, recoverySeconds });
    },
    CASE_MS,
  );
});

const RESUMED = `
  SELECT extract(epoch FROM e.created_at - $3::timestamptz)::float8 AS seconds
  FROM tasks t JOIN task_events e ON e.task_id = t.id
  WHERE t.id = $1 AND t.lease_generation > $2 AND e.body #>> '{data,current_step}' IN ('Starting', 'Resuming')
  ORDER BY e.seq DESC LIMIT 1`;

const STEPS_TOLD = `
  SELECT body #>> '{data,current_step}' AS step FROM task_events
  WHERE task_id = $1 AND type = 'progress' ORDER BY seq`;

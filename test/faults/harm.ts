import { Batch, type AcceptedTask } from './fault-batch.js';
import { inForm, isFullForm, SeededRandom } from './fault-form.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants, type Tally } from './invariants.js';
import type { FaultSystem } from './fault-system.js';
import { Visitor } from './visitor.js';
import { waitUntil } from './wait-until.js';

/** Something that happens to a service under the product. */
export interface Harm {
  name: string;
  /** Left out of the short form, where another is much like it. */
  isInFullFormOnly?: boolean;
  /** Before there is anything to harm. */
  prepare?: () => Promise<void>;
  strike: () => Promise<void> | void;
  /** While it lasts, before it is mended. */
  meanwhile?: (visitor: Visitor) => Promise<void>;
  mend?: () => Promise<void> | void;
}

/** Those of the form that is run. */
export function inThisForm<T extends Harm>(harms: T[]): T[] {
  return harms.filter(({ isInFullFormOnly }) => isFullForm || !isInFullFormOnly);
}

/** What clients were answered from the strike until all was well again, each status once. */
export function answered(visitor: Visitor) {
  return {
    reads: [...visitor.reads],
    creates: [...visitor.creates],
    readiness: [...visitor.readiness],
    liveness: [...visitor.liveness],
    retryAfters: [...visitor.retryAfters],
  };
}

/** One batch for each time that the harm is done, and what must be true after it. */
export async function doHarm(
  system: FaultSystem,
  harm: Harm,
  check: (visitor: Visitor) => void,
): Promise<void> {
  // What lasts a minute has time enough to meet the tasks in all their steps.
  const times = harm.meanwhile ? 1 : inForm(1, 3);
  const total: Tally = { accepted: 0, finished: 0, lost: 0, doubled: 0 };
  let worst = 0;
  for (let time = 1; time <= times; time += 1) {
    const { tally, seconds, visitor } = await doOnce(system, harm, time);
    check(visitor);
    worst = Math.max(worst, seconds);
    for (const key of ['accepted', 'finished', 'lost', 'doubled'] as const) {
      total[key] += tally[key];
    }
  }
  tellOutcome({ harm: harm.name, times, ...total, recoverySeconds: worst });
}

async function doOnce(system: FaultSystem, harm: Harm, time: number) {
  const random = new SeededRandom(`${harm.name} ${time}`);
  await harm.prepare?.();
  await waitUntil('all processes to be ready', () => isReady(system));
  const accounts = await system.accounts(2);
  const name = `${harm.name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-${time}`;
  const batch = new Batch(system, accounts, name);
  const [first] = await batch.builds(inForm(1, 3));
  await batch.analyses(inForm(2, 12));
  await batch.refused(inForm(8, 24));
  const [owner] = accounts;
  if (!first || !owner) {
    throw new Error('There is nothing to harm');
  }
  const stream = batch.watch(first);
  await stream.connected();
  const finished = random.between(0, inForm(6, 24));
  await waitUntil(`${finished} tasks to end`, async () => (await ended(system, batch)) >= finished);

  const visitor = new Visitor(system, batch, owner, first);
  await harm.strike();
  await harm.meanwhile?.(visitor);
  await harm.mend?.();
  const mendedAt = performance.now();
  const seconds = await recover(system, batch, mendedAt);
  await visitor.leave();
  await batch.ended();
  expect((await stream.closed).code).toBe(1000);
  expect(stream.seqs).toEqual(stream.seqs.map((_, index) => index + 1));
  return { tally: await expectInvariants(system, batch), seconds, visitor };
}

/** Until a task that is sent now has ended and every process is ready. @returns seconds since then */
async function recover(system: FaultSystem, batch: Batch, since: number): Promise<number> {
  const task = await waitUntil('a task to be accepted', () =>
    batch.tryPost('build', { ...batch.buildBody(), goal: 'zzz' }),
  );
  await batch.watch(task).closed;
  await waitUntil('that task to end', () => hasEnded(system, task));
  await waitUntil('all processes to be ready', () => isReady(system));
  return (performance.now() - since) / 1000;
}

async function isReady(system: FaultSystem): Promise<boolean> {
  const probes = system.processes
    .filter((each) => each.isRunning)
    .map(({ url }) => fetch(`${url}/api/health/ready`));
  return (await Promise.all(probes)).every(({ status }) => status === 200);
}

async function hasEnded(system: FaultSystem, { id }: AcceptedTask): Promise<boolean> {
  const rows = await system.query('SELECT 1 FROM tasks WHERE id = $1 AND finished_at IS NOT NULL', [
    id,
  ]);
  return rows.length === 1;
}

async function ended(system: FaultSystem, batch: Batch): Promise<number> {
  const rows = await system.query(
    'SELECT 1 FROM tasks WHERE id = ANY($1::uuid[]) AND finished_at IS NOT NULL',
    [batch.ids],
  );
  return rows.length;
}

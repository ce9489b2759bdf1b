import type { StreamWatcher } from '../support/stream-watcher.js';
import { Batch, type AcceptedTask } from './fault-batch.js';
import { CASE_MS, inForm, SeededRandom } from './fault-form.js';
import { FaultSystem } from './fault-system.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants } from './invariants.js';
import { descendantsOf, survivorsOf } from './process-family.js';
import { waitUntil } from './wait-until.js';

const EXIT_LIMIT_MS = inForm(60_000, 15_000);

interface Watched {
  task: AcceptedTask;
  stream: StreamWatcher;
}

describe('the one process that brings its database', () => {
  const system = FaultSystem.forSuite({ deployment: 'embedded' });

  const harms = [
    {
      harm: 'kill -9 of the one process',
      strike: async () => {
        await system.front.signal('SIGKILL');
      },
    },
    {
      harm: 'SIGTERM of the one process under load',
      strike: async () => {
        const startedAt = performance.now();
        expect(await system.front.stop()).toEqual({ code: 0, signal: null });
        expect(performance.now() - startedAt).toBeLessThan(EXIT_LIMIT_MS);
      },
    },
  ];

  it.each(harms)(
    'survives $harm: so do its database, its tasks, and clients that come back with since',
    async ({ harm, strike }) => {
      const random = new SeededRandom(harm);
      const batch = new Batch(system, await system.accounts(2), harm.replaceAll(/[^\w]+/g, '-'));
      const times = inForm(1, 5);
      let recoverySeconds = 0;
      for (let time = 1; time <= times; time += 1) {
        const [build] = await batch.builds(1);
        const tasks = [build, ...(await batch.analyses(inForm(4, 10)))].filter((task) => !!task);
        const streams = tasks.map((task) => ({ task, stream: batch.watch(task) }));
        // A build has about a dozen; it may end before, which is a case as well.
        await streams[0]?.stream.untilSeq(random.between(2, 12)).catch(() => undefined);
        const family = familyOf(system);
        await strike();
        const struckAt = performance.now();
        await waitUntil('its processes to end', () => survivorsOf(family).length === 0);
        await Promise.all(streams.map(({ stream }) => stream.closed));
        await system.run('all');
        await Promise.all(streams.map((watched) => expectNothingMissed(batch, watched)));
        recoverySeconds = Math.max(recoverySeconds, (performance.now() - struckAt) / 1000);
      }
      const tally = await expectInvariants(system, batch);
      tellOutcome({ harm, times, ...tally, recoverySeconds });
    },
    CASE_MS,
  );
});

/** What it runs for tasks: its database is in a group of its own, and a new server ends or stops it. */
function familyOf(system: FaultSystem) {
  return descendantsOf(system.front.pid).filter(({ command }) => !/postgres/.test(command));
}

/** The client comes back with what it saw last, and gets the rest, once and in order, up to the end. */
async function expectNothingMissed(batch: Batch, { task, stream }: Watched): Promise<void> {
  const back = batch.watch(task, Math.max(0, ...stream.seqs));
  expect((await back.closed).code).toBe(1000);
  const seqs = [...stream.seqs, ...back.seqs];
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  const types = [...stream.messages, ...back.messages].map(({ type }) => type);
  const ends = types.filter((type) => type !== 'progress' && type !== 'connected');
  expect(ends).toEqual(['completion']);
}

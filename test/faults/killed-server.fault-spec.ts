import { Batch } from './fault-batch.js';
import { inForm, SeededRandom } from './fault-form.js';
import { FaultSystem } from './fault-system.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants } from './invariants.js';
import { descendantsOf, survivorsOf } from './process-family.js';
import { waitUntil } from './wait-until.js';

describe('kill -9 of the one process that brings its database', () => {
  const system = FaultSystem.forSuite({ deployment: 'embedded' });
  const random = new SeededRandom('kill -9 of the server');

  it('is survived by the database, by running tasks, and by clients that come back with since', async () => {
    const times = inForm(1, 5);
    const batch = new Batch(system, await system.accounts(2), 'embedded');
    let recoverySeconds = 0;
    for (let time = 1; time <= times; time += 1) {
      const tasks = [
        ...(await batch.builds(inForm(1, 2))),
        ...(await batch.analyses(inForm(4, 8))),
      ];
      const streams = tasks.map((task) => ({ task, stream: batch.watch(task) }));
      const events = random.between(2, 12);
      const [{ stream: first }] = streams as [(typeof streams)[number]];
      await first.untilSeq(events).catch(() => undefined); // it may have fewer
      const family = descendantsOf(system.front.pid).filter(
        ({ command }) => !/postgres/.test(command),
      );

      await system.front.signal('SIGKILL');
      const killedAt = performance.now();
      await waitUntil('its processes to end', () => survivorsOf(family).length === 0);
      await Promise.all(streams.map(({ stream }) => stream.closed));
      await system.run('all');
      for (const { task, stream } of streams) {
        const seen = Math.max(0, ...stream.seqs);
        const back = batch.watch(task, seen);
        expect((await back.closed).code).toBe(1000);
        const all = [...stream.seqs, ...back.seqs];
        expect(all).toEqual(all.map((_, index) => index + 1));
        // Where it had ended before, everything was seen.
        const last = back.messages.at(-1) ?? stream.messages.at(-1);
        expect([...stream.messages, ...back.messages].map(({ type }) => type)).toContain(
          'completion',
        );
        expect(last).toBeDefined();
      }
      await batch.ended();
      recoverySeconds = Math.max(recoverySeconds, (performance.now() - killedAt) / 1000);
    }
    const tally = await expectInvariants(system, batch);
    tellOutcome({ harm: 'kill -9 of the one process', times, ...tally, recoverySeconds });
  }, 300_000);
});

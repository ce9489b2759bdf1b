import { existsSync } from 'node:fs';
import { describeWithRedis } from '../support/redis-server.js';
import { Batch } from './fault-batch.js';
import { inForm, isFullForm, SeededRandom } from './fault-form.js';
import { FaultSystem } from './fault-system.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants } from './invariants.js';
import { waitUntil } from './wait-until.js';

/** Debian's, for processes with threads. */
const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));

const MOVES = [
  { way: 'ahead', offset: '+5m' },
  { way: 'behind', offset: '-5m' },
];

const describeWithFaketime = LIBRARY === undefined ? describe.skip : describeWithRedis;

describeWithFaketime(
  'a clock that is five minutes off, on Redis (where faketime is installed)',
  () => {
    // Beside them, one of each comes whose clock is off: neither may take a living task for a dead one.
    const system = FaultSystem.forSuite({ workers: 1 });

    it.each(isFullForm ? MOVES : [new SeededRandom('clock').pick(MOVES)])(
      'of a worker and an API, $way: leases, events and tokens hold',
      async ({ way, offset }) => {
        const name = `clock-${way}`;
        const random = new SeededRandom(name);
        const batch = new Batch(system, await system.accounts(2), name);
        await batch.builds(1);
        await batch.analyses(inForm(2, 12));
        await batch.refused(inForm(6, 24));
        const moved = {
          LD_PRELOAD: LIBRARY ?? '',
          FAKETIME: offset,
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        };
        const [api, worker] = await Promise.all([
          system.run('api', moved),
          system.run('worker', moved),
        ]);
        const served = await fetch(`${api.url}/api/health`);
        const difference =
          Date.parse(String(((await served.json()) as { timestamp: string }).timestamp)) -
          Date.now();
        expect(Math.round(difference / 60_000)).toBe(way === 'ahead' ? 5 : -5);
        const finished = random.between(1, 4);
        await waitUntil(`${finished} tasks to end`, async () => {
          const rows = await system.query('SELECT 1 FROM tasks WHERE finished_at IS NOT NULL');
          return rows.length >= finished;
        });
        await batch.builds(1);
        await batch.refused(inForm(6, 24));
        const begun = performance.now();
        await batch.ended();
        const recoverySeconds = (performance.now() - begun) / 1000;
        const tally = await expectInvariants(system, batch);
        await Promise.all([api.stop(), worker.stop()]);
        tellOutcome({ harm: `a clock five minutes ${way}`, times: 1, ...tally, recoverySeconds });
      },
      inForm(240_000, 600_000),
    );
  },
);

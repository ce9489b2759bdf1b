import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ThrottleStorage } from './throttle-storage.js';

/** Two processes that count together, and nobody else with them; for one process the same object twice. */
export type OpenThrottleStorage = () => Promise<{ here: ThrottleStorage; there: ThrottleStorage }>;

const MINUTE_MS = 60_000;

/** What every adapter of the `ThrottleStorage` port keeps. */
export function describeThrottleStorage(name: string, open: OpenThrottleStorage): void {
  describe(`${name} as a ThrottleStorage`, () => {
    let here: ThrottleStorage;
    let there: ThrottleStorage;

    beforeEach(async () => {
      ({ here, there } = await open());
    });

    it('counts up from one, and tells how long the window lasts', async () => {
      const [first] = await here.hit(['k'], MINUTE_MS);
      const [second] = await there.hit(['k'], MINUTE_MS);

      expect([first?.hits, second?.hits]).toEqual([1, 2]);
      expect(first?.msLeft).toBe(MINUTE_MS);
      expect(second?.msLeft).toBeGreaterThan(MINUTE_MS - 5_000);
      expect(second?.msLeft).toBeLessThanOrEqual(MINUTE_MS);
    });

    it('misses none of many concurrent hits', async () => {
      const all = Array.from({ length: 200 }, (_, index) => (index % 2 ? here : there));

      const counts = await Promise.all(all.map((storage) => storage.hit(['k'], MINUTE_MS)));

      const hits = counts.map(([count]) => count?.hits ?? 0).sort((a, b) => a - b);
      expect(hits).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    });

    it('counts the keys of one call each for itself, in their order', async () => {
      await here.hit(['a'], MINUTE_MS);

      const counts = await here.hit(['b', 'a', 'c'], MINUTE_MS);

      expect(counts.map(({ hits }) => hits)).toEqual([1, 2, 1]);
    });

    it('looks without counting', async () => {
      await here.hit(['k'], MINUTE_MS);

      const looks = [await there.peek(['k', 'none']), await there.peek(['k', 'none'])];

      for (const [counted, none] of looks) {
        expect(counted?.hits).toBe(1);
        expect(counted?.msLeft).toBeGreaterThan(MINUTE_MS - 5_000);
        expect(none).toEqual({ hits: 0, msLeft: 0 });
      }
    });

    it('begins anew when the window of the first hit ends, however many come meanwhile', async () => {
      const windowMs = 200;
      const began = performance.now();
      await here.hit(['k'], windowMs);

      let hits: number | undefined;
      do {
        await nextTurn();
        hits = (await here.hit(['k'], windowMs))[0]?.hits;
      } while (hits !== 1);

      // Redis rounds to the millisecond, and its clock is not ours.
      expect(performance.now() - began).toBeGreaterThan(windowMs - 20);
    });

    it('speaks the port of the library: limit + 1 is blocked until the window ends', async () => {
      const records = [];
      for (let hit = 1; hit <= 3; hit += 1) {
        records.push(await here.increment('k', MINUTE_MS, 2));
      }

      expect(records).toEqual([
        { totalHits: 1, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 0 },
        { totalHits: 2, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 0 },
        { totalHits: 3, timeToExpire: 60, isBlocked: true, timeToBlockExpire: 60 },
      ]);
    });
  });
}

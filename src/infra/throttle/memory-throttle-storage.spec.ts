import { describeThrottleStorage } from './describe-throttle-storage.contract.js';
import { MemoryThrottleStorage } from './memory-throttle-storage.js';

describeThrottleStorage(MemoryThrottleStorage.name, () => {
  const storage = new MemoryThrottleStorage();
  return Promise.resolve({ here: storage, there: storage });
});

describe(MemoryThrottleStorage.name, () => {
  it('starts the next window with the first hit after the last, not on a grid', async () => {
    let now = 1_000;
    const storage = new MemoryThrottleStorage(() => now);
    await storage.hit(['k'], 60_000);

    now += 59_999;
    expect(await storage.hit(['k'], 60_000)).toEqual([{ hits: 2, msLeft: 1 }]);
    now += 30_000;
    expect(await storage.peek(['k'])).toEqual([{ hits: 0, msLeft: 0 }]);
    expect(await storage.hit(['k'], 60_000)).toEqual([{ hits: 1, msLeft: 60_000 }]);
  });

  it('forgets what is over', async () => {
    let now = 0;
    const storage = new MemoryThrottleStorage(() => now);
    await storage.hit(['a', 'b', 'c'], 60_000);

    now += 60_000;
    await storage.hit(['d'], 60_000);

    expect(storage.size).toBe(1);
  });

  it('holds a bounded number of keys in a flood', async () => {
    const storage = new MemoryThrottleStorage(() => 0, 100);

    for (let key = 0; key < 1_000; key += 1) {
      await storage.hit([String(key)], 60_000);
    }

    expect(storage.size).toBe(101);
    expect(await storage.peek(['0', '999'])).toEqual([
      { hits: 0, msLeft: 0 },
      { hits: 1, msLeft: 60_000 },
    ]);
  });
});

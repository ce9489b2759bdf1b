import { EventLoopWatch } from './event-loop-watch.js';

/** Ticks due every second, each this many ms late. */
function watchAfter(lateness: number[]): EventLoopWatch {
  let now = 500;
  const watch = new EventLoopWatch(1_000, now);
  for (const late of lateness) {
    now += 1_000 + late;
    watch.tick(now);
  }
  return watch;
}

describe(EventLoopWatch.name, () => {
  it.each([
    { name: 'a loop that turns', lateness: [0, 5, 900, 2_000, 2_000, 2_000], isStuck: false },
    { name: 'one long block', lateness: [0, 600_000, 0], isStuck: false },
    { name: 'the end of one long block', lateness: [0, 600_000], isStuck: false },
    {
      name: 'blocks with turns in between',
      lateness: [3_000, 3_000, 0, 3_000, 3_000],
      isStuck: false,
    },
    { name: 'block after block', lateness: [0, 3_000, 3_000, 3_000], isStuck: true },
    { name: 'a loop that recovered', lateness: [3_000, 3_000, 3_000, 3_000, 10], isStuck: false },
  ])('judges $name', ({ lateness, isStuck }) => {
    expect(watchAfter(lateness).isStuck).toBe(isStuck);
  });
});

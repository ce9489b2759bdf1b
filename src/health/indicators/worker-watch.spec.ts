import { WorkerWatch, type WaitingTask } from './worker-watch.js';

/** The task `id`, after so many deliveries. */
function waiting(id: string, deliveries: number): WaitingTask {
  return { id, nextDispatchAt: new Date(deliveries * 5_000) };
}

describe(WorkerWatch.name, () => {
  const IDLE = true;
  const BUSY = false;

  it.each<{ name: string; looks: [boolean, WaitingTask | null][]; isStuck: boolean }>([
    {
      name: 'nothing that waits',
      looks: [1, 2, 3, 4, 5].map(() => [IDLE, null]),
      isStuck: false,
    },
    {
      name: 'a task that waits for its next delivery',
      looks: [1, 1, 1, 1, 1].map((n) => [IDLE, waiting('a', n)]),
      isStuck: false,
    },
    {
      name: 'two deliveries in vain',
      looks: [1, 2, 3].map((n) => [IDLE, waiting('a', n)]),
      isStuck: false,
    },
    {
      name: 'three deliveries in vain',
      looks: [1, 2, 3, 4].map((n) => [IDLE, waiting('a', n)]),
      isStuck: true,
    },
    {
      name: 'a worker that is busy meanwhile',
      looks: [1, 2, 3, 4].map((n) => [n === 3 ? BUSY : IDLE, waiting('a', n)]),
      isStuck: false,
    },
    {
      name: 'a queue that moves on',
      looks: ['a', 'b', 'c', 'd', 'e'].map((id, n) => [IDLE, waiting(id, n)]),
      isStuck: false,
    },
    {
      name: 'a worker that took the task after all',
      looks: [
        [IDLE, waiting('a', 1)],
        [IDLE, waiting('a', 2)],
        [IDLE, waiting('a', 3)],
        [IDLE, waiting('a', 4)],
        [BUSY, null],
      ],
      isStuck: false,
    },
  ])('judges $name', ({ looks, isStuck }) => {
    const watch = new WorkerWatch();
    for (const [isIdle, task] of looks) {
      watch.observe(isIdle, task);
    }
    expect(watch.isStuck).toBe(isStuck);
  });
});

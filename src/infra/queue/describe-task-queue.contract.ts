import type { TaskDelivery, TaskQueue } from './task-queue.js';

/** A queue that nobody else uses, set up to take `concurrency` deliveries side by side. */
export type OpenTaskQueue = (concurrency: number) => Promise<TaskQueue>;

/** What every adapter of the `TaskQueue` port keeps. */
export function describeTaskQueue(name: string, open: OpenTaskQueue): void {
  describe(`${name} as a TaskQueue`, () => {
    let queue: TaskQueue;

    afterEach(async () => {
      await queue.close();
    });

    it('delivers kind and id, in the order of arrival when one at a time', async () => {
      queue = await open(1);
      const seen = new Seen(3);
      await queue.consume(1, (delivery) => seen.add(delivery));

      await queue.enqueue(build('a'));
      await queue.enqueue({ kind: 'analysis', taskId: 'b' });
      await queue.enqueue(build('c'));

      await seen.all;
      expect(seen.deliveries).toEqual([build('a'), { kind: 'analysis', taskId: 'b' }, build('c')]);
    });

    it('delivers what came while nobody consumed', async () => {
      queue = await open(2);
      await queue.enqueue(build('early'));
      const seen = new Seen(1);

      await queue.consume(2, (delivery) => seen.add(delivery));

      await seen.all;
      expect(seen.deliveries).toEqual([build('early')]);
    });

    it('never runs a handler in the stack of its sender', async () => {
      queue = await open(1);
      const seen = new Seen(1);
      await queue.consume(1, (delivery) => seen.add(delivery));

      const sent = queue.enqueue(build('a'));

      expect(seen.deliveries).toEqual([]);
      await sent;
      await seen.all;
    });

    it('runs as many side by side as it was told, and no more', async () => {
      queue = await open(2);
      const seen = new Seen(5);
      const full = new Gate();
      let running = 0;
      let most = 0;
      await queue.consume(2, async (delivery) => {
        running += 1;
        most = Math.max(most, running);
        if (running === 2) {
          full.open();
        }
        await full.opened;
        await nextTurn();
        running -= 1;
        await seen.add(delivery);
      });

      await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => queue.enqueue(build(id))));

      await seen.all;
      expect(most).toBe(2);
    });

    it.each([
      ['rejects', () => Promise.reject(new Error('boom'))],
      [
        'throws',
        () => {
          throw new Error('boom');
        },
      ],
    ])('goes on after a handler that %s', async (_how, fail) => {
      queue = await open(1);
      const seen = new Seen(1);
      await queue.consume(1, (delivery) =>
        delivery.taskId === 'bad' ? fail() : seen.add(delivery),
      );

      await queue.enqueue(build('bad'));
      await queue.enqueue(build('good'));

      await seen.all;
      expect(seen.deliveries).toEqual([build('good')]);
    });

    it('delivers again what is added after its handler began', async () => {
      queue = await open(1);
      const seen = new Seen(2);
      await queue.consume(1, async (delivery) => {
        if (seen.deliveries.length === 0) {
          await queue.enqueue(delivery);
        }
        await seen.add(delivery);
      });

      await queue.enqueue(build('a'));

      await seen.all;
      expect(seen.deliveries).toEqual([build('a'), build('a')]);
    });

    it('waits at close for the handler that runs and starts no other', async () => {
      queue = await open(1);
      const started = new Gate();
      const release = new Gate();
      const done: string[] = [];
      await queue.consume(1, async ({ taskId }) => {
        started.open();
        await release.opened;
        done.push(taskId);
      });
      await queue.enqueue(build('runs'));
      await queue.enqueue(build('waits'));
      await started.opened;

      let isClosed = false;
      const closed = queue.close().then(() => {
        isClosed = true;
      });
      await nextTurn();
      expect(isClosed).toBe(false);
      release.open();
      await closed;

      expect(done).toEqual(['runs']);
    });

    it('refuses a second consumer', async () => {
      queue = await open(1);
      await queue.consume(1, () => Promise.resolve());
      await expect(queue.consume(1, () => Promise.resolve())).rejects.toThrow('consumes already');
    });

    it('does not keep a process for a handler that never ends', async () => {
      queue = await open(1);
      const started = new Gate();
      const release = new Gate();
      await queue.consume(1, async () => {
        started.open();
        await release.opened;
      });
      await queue.enqueue(build('endless'));
      await started.opened;

      await queue.onApplicationShutdown();

      release.open();
    });

    it('is healthy until it is closed, and then refuses', async () => {
      queue = await open(1);
      expect(await queue.isHealthy()).toBe(true);

      await queue.close();

      expect(await queue.isHealthy()).toBe(false);
      await expect(queue.enqueue(build('late'))).rejects.toThrow('closed');
    });
  });
}

export function build(taskId: string): TaskDelivery {
  return { kind: 'build', taskId };
}

/** Collects deliveries; `all` resolves with the last of those expected. */
export class Seen {
  readonly deliveries: TaskDelivery[] = [];
  private readonly gate = new Gate();
  readonly all = this.gate.opened;

  constructor(private readonly expected: number) {}

  add(delivery: TaskDelivery): Promise<void> {
    this.deliveries.push(delivery);
    if (this.deliveries.length >= this.expected) {
      this.gate.open();
    }
    return Promise.resolve();
  }
}

export class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

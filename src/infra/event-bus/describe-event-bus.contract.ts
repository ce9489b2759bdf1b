import type { EventBus } from './event-bus.js';

/** Two ends of one bus that nobody else uses; an adapter for one process gives the same object twice. */
export type OpenEventBus = () => Promise<{ here: EventBus; there: EventBus }>;

/** What every adapter of the `EventBus` port keeps. */
export function describeEventBus(name: string, open: OpenEventBus): void {
  describe(`${name} as an EventBus`, () => {
    let here: EventBus;
    let there: EventBus;

    beforeEach(async () => {
      ({ here, there } = await open());
    });

    afterEach(async () => {
      await Promise.all([here.close(), there.close()]);
    });

    it('brings JSON values to every listener of the topic, at both ends', async () => {
      const message = { type: 'progress', seq: 1, nested: [null, 'ü', { a: true }] };
      const inboxes = [new Inbox(1), new Inbox(1), new Inbox(1)] as const;
      await here.subscribe('t', inboxes[0].listener);
      await here.subscribe('t', inboxes[1].listener);
      await there.subscribe('t', inboxes[2].listener);

      await there.publish('t', message);

      for (const inbox of inboxes) {
        expect(await inbox.all).toEqual([message]);
      }
    });

    it('keeps the order of one sender per topic', async () => {
      const inbox = new Inbox(500);
      await here.subscribe('t', inbox.listener);
      const numbers = Array.from({ length: 500 }, (_, index) => index);

      await Promise.all(numbers.map((number) => there.publish('t', number)));

      expect(await inbox.all).toEqual(numbers);
    });

    it('brings nothing of another topic', async () => {
      const inbox = new Inbox(1);
      await here.subscribe('t', inbox.listener);

      await there.publish('other', 'not this');
      await there.publish('t:1', 'nor this');
      await there.publish('t', 'this');

      expect(await inbox.all).toEqual(['this']);
    });

    it('never calls a listener in the stack of its sender', async () => {
      const inbox = new Inbox(1);
      await here.subscribe('t', inbox.listener);

      const sent = here.publish('t', 1);

      expect(inbox.messages).toEqual([]);
      await sent;
      expect(await inbox.all).toEqual([1]);
    });

    it('lets no listener change what was sent', async () => {
      const message = { seq: 1 };
      const inbox = new Inbox(1);
      await here.subscribe('t', inbox.listener);

      const sent = here.publish('t', message);
      message.seq = 2;
      await sent;

      expect(await inbox.all).toEqual([{ seq: 1 }]);
    });

    it('shields listeners from one that throws', async () => {
      const inbox = new Inbox(2);
      await here.subscribe('t', () => {
        throw new Error('boom');
      });
      await here.subscribe('t', inbox.listener);

      await there.publish('t', 1);
      await there.publish('t', 2);

      expect(await inbox.all).toEqual([1, 2]);
    });

    it('brings nothing after unsubscribe, and all to those who stay', async () => {
      const gone = new Inbox(1);
      const stays = new Inbox(1);
      const unsubscribe = await here.subscribe('t', gone.listener);
      await here.subscribe('t', stays.listener);

      await unsubscribe();
      await unsubscribe();
      await there.publish('t', 1);

      expect(await stays.all).toEqual([1]);
      expect(gone.messages).toEqual([]);
    });

    it('lets a listener leave while it is called', async () => {
      const seen: unknown[] = [];
      const unsubscribe = await here.subscribe('t', (message) => {
        seen.push(message);
        void unsubscribe();
      });
      const stays = new Inbox(2);
      await here.subscribe('t', stays.listener);

      await there.publish('t', 1);
      await there.publish('t', 2);

      expect(await stays.all).toEqual([1, 2]);
      expect(seen).toEqual([1]);
    });

    it('can be subscribed again, also before the last unsubscribe ended', async () => {
      const first = await here.subscribe('t', () => undefined);
      const inbox = new Inbox(1);

      const [, second] = await Promise.all([first(), here.subscribe('t', inbox.listener)]);
      await there.publish('t', 1);

      expect(await inbox.all).toEqual([1]);
      await second();
    });

    it('is healthy until it is closed, and then refuses', async () => {
      expect(await here.isHealthy()).toBe(true);

      await here.close();

      expect(await here.isHealthy()).toBe(false);
      await expect(here.publish('t', 1)).rejects.toThrow();
      await expect(here.subscribe('t', () => undefined)).rejects.toThrow();
    });
  });
}

/** Collects messages; `all` resolves with them when those expected are there. */
export class Inbox {
  readonly messages: unknown[] = [];
  readonly all: Promise<unknown[]>;
  readonly listener: (message: unknown) => void;

  constructor(expected: number) {
    let finish: (messages: unknown[]) => void;
    this.all = new Promise((resolve) => {
      finish = resolve;
    });
    this.listener = (message) => {
      this.messages.push(message);
      if (this.messages.length >= expected) {
        finish(this.messages);
      }
    };
  }
}

import { Logger } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describeEventBus, Inbox } from '../src/infra/event-bus/describe-event-bus.contract.js';
import { RedisEventBus } from '../src/infra/event-bus/redis-event-bus.js';
import { describeWithRedis, startRedis, type RedisServer } from './support/redis-server.js';

describeWithRedis('event bus on Redis', () => {
  let server: RedisServer;
  let tests = 0;
  const buses: RedisEventBus[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await startRedis();
  });

  beforeEach(() => {
    tests += 1;
  });

  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.close()));
  });

  afterAll(() => server.stop());

  async function connect(keyPrefix = `test-${tests}`): Promise<RedisEventBus> {
    const bus = await RedisEventBus.connect({ redisUrl: server.url, keyPrefix });
    buses.push(bus);
    return bus;
  }

  async function restart(): Promise<void> {
    const { url, port } = server;
    server = { ...(await startRedis(['--port', String(port)])), url, port };
  }

  describeEventBus(RedisEventBus.name, async () => ({
    here: await connect(),
    there: await connect(),
  }));

  it('keeps products with different prefixes apart', async () => {
    const ours = await connect('ours');
    const theirs = await connect('theirs');
    const inbox = new Inbox(1);
    await ours.subscribe('t', inbox.listener);

    await theirs.publish('t', 'not ours');
    await ours.publish('t', 'ours');

    expect(await inbox.all).toEqual(['ours']);
  });

  it('rejects within two seconds while Redis is gone, and its subscriptions heal when it is back', async () => {
    const here = await connect();
    const there = await connect();
    const inbox = new Inbox(1);
    await here.subscribe('t', inbox.listener);

    await server.stop();
    const began = performance.now();
    await expect(there.publish('t', 'lost')).rejects.toThrow();
    await expect(here.subscribe('u', () => undefined)).rejects.toThrow('not reachable');
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await here.isHealthy()).toBe(false);
    await restart();

    // Until the subscriber is back too, messages go nowhere, as they do between processes.
    while (inbox.messages.length === 0) {
      await there.publish('t', 'after').catch(() => undefined);
      await nextTurn();
    }
    expect(inbox.messages[0]).toBe('after');
    expect(await here.isHealthy()).toBe(true);
  });

  it('rejects within two seconds while Redis is frozen', async () => {
    const bus = await connect();
    process.kill(server.pid, 'SIGSTOP');
    try {
      const began = performance.now();
      await expect(bus.publish('t', 1)).rejects.toThrow();
      expect(performance.now() - began).toBeLessThan(2_000);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
  });
});

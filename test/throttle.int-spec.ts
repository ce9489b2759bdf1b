import { Logger, type LoggerService } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describeThrottleStorage } from '../src/infra/throttle/describe-throttle-storage.contract.js';
import { RedisThrottleStorage } from '../src/infra/throttle/redis-throttle-storage.js';
import { describeWithRedis, startRedis, type RedisServer } from './support/redis-server.js';

const MINUTE_MS = 60_000;

describeWithRedis('throttle storage on Redis', () => {
  let server: RedisServer;
  let tests = 0;
  let said: string[];
  const storages: RedisThrottleStorage[] = [];

  beforeAll(async () => {
    server = await startRedis();
  });

  beforeEach(() => {
    tests += 1;
    said = [];
    Logger.overrideLogger(new Listening(said));
  });

  afterEach(async () => {
    await Promise.all(storages.splice(0).map((storage) => storage.close()));
  });

  afterAll(() => server.stop());

  async function connect(): Promise<RedisThrottleStorage> {
    const settings = { redisUrl: server.url, keyPrefix: `test-${tests}` };
    const storage = await RedisThrottleStorage.connect(settings);
    storages.push(storage);
    return storage;
  }

  async function restart(): Promise<void> {
    const { url, port } = server;
    server = { ...(await startRedis(['--port', String(port)])), url, port };
  }

  describeThrottleStorage(RedisThrottleStorage.name, async () => ({
    here: await connect(),
    there: await connect(),
  }));

  it('counts by itself while Redis is gone, shares again when it is back, and says each once', async () => {
    const here = await connect();
    const there = await connect();
    await here.hit(['k'], MINUTE_MS);

    await server.stop();
    const alone = [await here.hit(['k'], MINUTE_MS), await here.hit(['k'], MINUTE_MS)];
    expect(alone.map(([count]) => count?.hits)).toEqual([1, 2]);
    expect(await here.peek(['k'])).toMatchObject([{ hits: 2 }]);
    await restart();

    let shared = 0;
    for (let probe = 0; shared === 0; probe += 1) {
      await nextTurn();
      await there.hit([`probe-${probe}`], MINUTE_MS);
      shared = (await here.peek([`probe-${probe}`]))[0]?.hits ?? 0;
    }
    expect(said.filter((line) => line.startsWith('Redis is'))).toEqual([
      'Redis is away: each process counts rate limits by itself',
      'Redis is away: each process counts rate limits by itself',
      'Redis is back: rate limits are shared again',
      'Redis is back: rate limits are shared again',
    ]);
  });

  it('makes only one request wait while Redis is frozen', async () => {
    const storage = await connect();
    process.kill(server.pid, 'SIGSTOP');
    try {
      const began = performance.now();
      for (let hit = 1; hit <= 100; hit += 1) {
        expect((await storage.hit(['k'], MINUTE_MS))[0]?.hits).toBe(hit);
      }
      expect(performance.now() - began).toBeLessThan(900);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
  });
});

class Listening implements LoggerService {
  constructor(private readonly lines: string[]) {}

  readonly log = (line: string): void => void this.lines.push(line);
  readonly warn = this.log;
  readonly error = this.log;
}

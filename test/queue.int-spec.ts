import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Redis } from 'ioredis';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BullTaskQueue } from '../src/infra/queue/bull-task-queue.js';
import {
  build,
  describeTaskQueue,
  Gate,
  Seen,
} from '../src/infra/queue/describe-task-queue.contract.js';
import { RedisQueueModule } from '../src/infra/queue/redis-queue.module.js';
import { TaskQueue } from '../src/infra/queue/task-queue.js';
import { describeWithRedis, startRedis, type RedisServer } from './support/redis-server.js';
import { startTcpProxy } from './support/tcp-proxy.js';

let suites = 0;

describeWithRedis('Bull on Redis', () => {
  let server: RedisServer;
  let keyPrefix: string;
  const processes: TestingModule[] = [];

  beforeAll(async () => {
    server = await startRedis();
  });

  beforeEach(() => {
    suites += 1;
    keyPrefix = `test-${suites}`;
  });

  afterEach(async () => {
    await Promise.all(processes.splice(0).map((module) => module.close()));
  });

  afterAll(() => server.stop());

  /** What one process of the product has: a worker, or with 0 one that only accepts. */
  async function startProcess(concurrency: number, redisUrl = server.url): Promise<TaskQueue> {
    const module = await Test.createTestingModule({
      imports: [RedisQueueModule.register({ redisUrl, keyPrefix, concurrency })],
    }).compile();
    Logger.overrideLogger(false);
    processes.push(await module.init());
    return module.get(TaskQueue);
  }

  async function restart(): Promise<void> {
    const { url, port } = server;
    server = { ...(await startRedis(['--port', String(port)])), url, port };
  }

  describeTaskQueue(BullTaskQueue.name, startProcess);

  it('delivers what one process accepts to another', async () => {
    const api = await startProcess(0);
    const worker = await startProcess(1);
    const seen = new Seen(1);
    await worker.consume(1, (delivery) => seen.add(delivery));

    await api.enqueue(build('a'));

    await seen.all;
    expect(seen.deliveries).toEqual([build('a')]);
  });

  it('shares the load between two workers', async () => {
    const workers = [await startProcess(1), await startProcess(1)];
    const bothBusy = [new Gate(), new Gate()];
    const seen = new Seen(10);
    for (const [index, worker] of workers.entries()) {
      await worker.consume(1, async (delivery) => {
        bothBusy[index]?.open();
        await Promise.all(bothBusy.map((gate) => gate.opened));
        await seen.add(delivery);
      });
    }
    const api = await startProcess(0);

    for (let id = 0; id < 10; id += 1) {
      await api.enqueue(build(String(id)));
    }

    await seen.all;
    expect(seen.deliveries.map(({ taskId }) => taskId).sort()).toEqual([...'0123456789']);
  });

  it('refuses to consume in a process that was set up without a processor', async () => {
    const api = await startProcess(0);
    await expect(api.consume(2, () => Promise.resolve())).rejects.toThrow('takes 0 jobs, not 2');
  });

  it('leaves nothing in Redis but what still waits', async () => {
    const worker = await startProcess(1);
    const seen = new Seen(2);
    await worker.consume(1, (delivery) =>
      delivery.taskId === 'bad' ? Promise.reject(new Error('boom')) : seen.add(delivery),
    );
    for (const id of ['a', 'bad', 'b']) {
      await worker.enqueue(build(id));
    }
    await seen.all;
    await worker.close();

    const redis = new Redis(server.url);
    const jobs = await redis.keys(`${keyPrefix}:tasks:[0-9]*`);
    redis.disconnect();
    expect(jobs).toEqual([]);
  });

  it('delivers again what a killed worker had taken', async () => {
    const api = await startProcess(0);
    await api.enqueue(build('orphan'));
    const redis = new Redis(server.url);
    // What such a worker leaves behind once its lock is gone.
    expect(await redis.rpoplpush(`${keyPrefix}:tasks:wait`, `${keyPrefix}:tasks:active`)).toBe('1');
    redis.disconnect();
    const worker = await startProcess(1);
    const seen = new Seen(1);

    await worker.consume(1, (delivery) => seen.add(delivery));

    await seen.all;
    expect(seen.deliveries).toEqual([build('orphan')]);
  });

  it('rejects within two seconds while Redis is gone, and heals when it is back', async () => {
    const worker = await startProcess(1);
    const before = new Seen(1);
    const after = new Seen(2);
    await worker.consume(1, async (delivery) => {
      await before.add(delivery);
      await after.add(delivery);
    });
    await worker.enqueue(build('before'));
    await before.all;

    await server.stop();
    const began = performance.now();
    await expect(worker.enqueue(build('lost'))).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await worker.isHealthy()).toBe(false);
    await restart();

    await untilAccepted(worker, 'after');
    await after.all;
    expect(after.deliveries).toEqual([build('before'), build('after')]);
  });

  it('rejects within two seconds while Redis is frozen', async () => {
    const api = await startProcess(0);
    process.kill(server.pid, 'SIGSTOP');
    try {
      const began = performance.now();
      await expect(api.enqueue(build('a'))).rejects.toThrow();
      expect(performance.now() - began).toBeLessThan(2_000);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
  });

  it('is not healthy while Redis takes no writes', async () => {
    const api = await startProcess(0);
    const redis = new Redis(server.url);
    try {
      await redis.config('SET', 'maxmemory', '1');
      expect(await api.isHealthy()).toBe(false);
      await expect(api.enqueue(build('a'))).rejects.toThrow();
    } finally {
      await redis.config('SET', 'maxmemory', '0');
      redis.disconnect();
    }
    expect(await api.isHealthy()).toBe(true);
  });

  it('is forgetful where Redis drops what it was given', async () => {
    const api = await startProcess(0);
    const redis = new Redis(server.url);
    const found = [await api.isForgetful()];
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    found.push(await api.isForgetful());
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    found.push(await api.isForgetful());
    redis.disconnect();
    expect(found).toEqual([false, true, false]);
  });

  it('starts without Redis, and works once it is there', async () => {
    await server.stop();
    const worker = await startProcess(1);
    const seen = new Seen(1);
    await worker.consume(1, (delivery) => seen.add(delivery));
    await restart();

    await untilAccepted(worker, 'a');

    await seen.all;
    expect(seen.deliveries).toEqual([build('a')]);
  });

  it('closes in seconds without Redis, and still waits for the handler that runs', async () => {
    const worker = await startProcess(1);
    const started = new Gate();
    const release = new Gate();
    let isDone = false;
    await worker.consume(1, async () => {
      started.open();
      await release.opened;
      isDone = true;
    });
    await worker.enqueue(build('a'));
    await started.opened;
    await server.stop();

    const closed = worker.close();
    release.open();
    await closed;

    expect(isDone).toBe(true);
    await restart();
  });

  it('closes a process that never reached Redis', async () => {
    await server.stop();
    const worker = await startProcess(1);
    await worker.consume(1, () => Promise.resolve());

    await worker.close();

    expect(await worker.isHealthy()).toBe(false);
    await restart();
  });

  it('hears again after its connections died without a word', async () => {
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: server.port });
    const worker = await startProcess(1, `redis://127.0.0.1:${proxy.port}`);
    const seen = new Seen(1);
    await worker.consume(1, (delivery) => seen.add(delivery));
    const api = await startProcess(0);

    proxy.silence();
    await api.enqueue(build('a'));

    await seen.all;
    await worker.close();
    await proxy.close();
    expect(seen.deliveries).toEqual([build('a')]);
  });
});

/** As the dispatcher does: again until the queue takes it. */
async function untilAccepted(queue: TaskQueue, taskId: string): Promise<void> {
  for (;;) {
    try {
      return await queue.enqueue(build(taskId));
    } catch {
      await nextTurn();
    }
  }
}

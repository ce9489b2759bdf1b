import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { Redis } from 'ioredis';
import { describeWithRedis } from '../support/redis-server.js';
import type { SystemProcess } from '../support/system-process.js';
import { Batch, type AcceptedTask } from './fault-batch.js';
import { inForm, SeededRandom } from './fault-form.js';
import { FaultSystem } from './fault-system.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants } from './invariants.js';

const MINUTES = Number(process.env['FAULT_SOAK_MINUTES'] ?? inForm(0.2, 10));
/** Between two looks at what is kept. */
const ROUNDS = Math.max(4, Math.round(MINUTES * 3));
const MAX_OPEN = 10;

/** Pools and caches fill up within the first rounds; what grows with each task is more than this. */
const MAX_MORE_DESCRIPTORS = 16;
const MAX_MORE_HANDLES = 16;
const MAX_MORE_MEMORY_MIB = inForm(96, 64);

interface Sample {
  memoryMiB: number;
  descriptors: number;
  handles: number;
}

describeWithRedis('many faults at random, on Redis and PostgreSQL', () => {
  const system = FaultSystem.forSuite({
    workers: 2,
    settings: () => ({ WORKER_CONCURRENCY: '2' }),
  });
  const random = new SeededRandom('soak');

  it(
    'lose no task, and nothing piles up in those that live on',
    async () => {
      const redis = new Redis(system.redisUrl);
      // It breaks its own connection, too.
      redis.on('error', () => undefined);
      system.around.push(() => redis.quit());
      const batch = new Batch(system, await system.accounts(4), 'soak');
      const steady = { api: system.front, worker: system.worker };
      const samples: Record<keyof typeof steady, Sample[]> = { api: [], worker: [] };
      let faults = 0;

      const harms = [
        async () => (await replaceVictim()).signal('SIGKILL'),
        async () => (await replaceVictim()).stop(),
        () => redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
        () => system.query(BREAK_CONNECTIONS),
        () => leaveStreams(batch),
      ];
      async function replaceVictim(): Promise<SystemProcess> {
        const victim = system.all('worker').find((each) => each !== steady.worker);
        await system.run('worker');
        return victim ?? steady.api;
      }

      const startedAt = performance.now();
      for (let round = 1; round <= ROUNDS; round += 1) {
        const end = startedAt + (MINUTES * 60_000 * round) / ROUNDS;
        do {
          await post(batch);
          if (random.between(1, 3) === 1) {
            await random.pick(harms)();
            faults += 1;
          }
        } while (performance.now() < end);
        await batch.ended();
        for (const name of ['api', 'worker'] as const) {
          samples[name].push(await sampleOf(steady[name]));
        }
      }
      const tally = await expectInvariants(system, batch);
      const growth = Object.entries(samples).map(([name, list]) => ({ name, ...growthOf(list) }));
      process.stdout.write(`${growth.map(describeGrowth).join('\n')}\n`);
      expect(growth.filter((each) => each.descriptors > MAX_MORE_DESCRIPTORS)).toEqual([]);
      expect(growth.filter((each) => each.handles > MAX_MORE_HANDLES)).toEqual([]);
      expect(growth.filter((each) => each.memoryMiB > MAX_MORE_MEMORY_MIB)).toEqual([]);
      expect(system.logs()).not.toContain('MaxListenersExceeded');
      const harm = `soak with random faults, ${Math.round(MINUTES * 60)} s`;
      tellOutcome({ harm, times: faults, ...tally, recoverySeconds: 0 });
    },
    MINUTES * 180_000 + 300_000,
  );

  async function post(batch: Batch): Promise<void> {
    // A fault may be under way: what isn't accepted is no loss.
    const isBuild = random.between(1, 12) === 1;
    const task = await (isBuild
      ? batch.tryPost('build', batch.buildBody())
      : batch.tryPost('analysis', batch.analysisBody()));
    if (task && random.between(1, 5) === 1) {
      await batch.cancel(task).catch(() => undefined);
    }
    const open = await openOf(batch);
    if (open.length > MAX_OPEN) {
      const [first] = open as [AcceptedTask, ...AcceptedTask[]];
      await batch.watch(first).closed;
    }
  }

  /** Clients that go without a word. */
  async function leaveStreams(batch: Batch): Promise<void> {
    const streams = batch.accepted.slice(-5).map((task) => batch.watch(task));
    await Promise.all(streams.map((stream) => stream.connected().catch(() => undefined)));
    streams.forEach(({ socket }) => socket.terminate());
  }

  async function openOf(batch: Batch): Promise<AcceptedTask[]> {
    const rows = await system.query<{ id: string }>(
      'SELECT id FROM tasks WHERE id = ANY($1::uuid[]) AND finished_at IS NULL',
      [batch.ids],
    );
    const open = new Set(rows.map(({ id }) => id));
    return batch.accepted.filter(({ id }) => open.has(id));
  }
});

async function sampleOf({ pid, url }: SystemProcess): Promise<Sample> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return {
    memoryMiB: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    handles: Number(/^nodejs_active_resources_total (\d+)/m.exec(metrics)?.[1]),
  };
}

/** From the most that was kept in the first half to the least of the second. */
function growthOf(samples: Sample[]): Sample {
  const half = Math.ceil(samples.length / 2);
  const grown = (key: keyof Sample): number =>
    Math.min(...samples.slice(half).map((each) => each[key])) -
    Math.max(...samples.slice(0, half).map((each) => each[key]));
  return {
    memoryMiB: grown('memoryMiB'),
    descriptors: grown('descriptors'),
    handles: grown('handles'),
  };
}

function describeGrowth({
  name,
  memoryMiB,
  descriptors,
  handles,
}: Sample & { name: string }): string {
  return `${name}: ${memoryMiB.toFixed(1)} MiB, ${descriptors} descriptors, ${handles} handles more in the second half`;
}

const BREAK_CONNECTIONS = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name ~ '^(api|worker)-'`;

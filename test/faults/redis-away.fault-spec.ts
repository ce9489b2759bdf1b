import { setTimeout as delay } from 'node:timers/promises';
import { describeWithRedis } from '../support/redis-server.js';
import { CASE_MS, inForm } from './fault-form.js';
import { answered, doHarm, inThisForm, type Harm } from './harm.js';
import { ServiceSystem } from './service-system.js';
import { waitUntil } from './wait-until.js';

const GONE_MS = inForm(5_000, 60_000);
const ILL_MS = inForm(2_000, 60_000);
/** In a Redis that evicts: for a handful of keys. */
const ROOM_BYTES = 100_000;
/** Counts all the same. */
const GENEROUS_LIMIT = 100_000;

describeWithRedis('Redis, on PostgreSQL', () => {
  const system = ServiceSystem.forSuite({ more: { RATE_LIMIT_GLOBAL: String(GENEROUS_LIMIT) } });

  const unready = (harm: string) =>
    waitUntil(`readiness to tell that Redis ${harm}`, async () => {
      const { status } = await system.request('GET', '/api/health/ready');
      return status === 503;
    });

  const harms: Harm[] = [
    {
      name: 'Redis restarted, append-only file',
      isInFullFormOnly: true,
      prepare: () => system.ownRedis.restart(['--appendonly', 'yes', '--appendfsync', 'always']),
      strike: () => system.ownRedis.restart(),
    },
    {
      name: 'Redis restarted, nothing on disk',
      prepare: () => system.ownRedis.restart([]),
      strike: () => system.ownRedis.restart(),
    },
    {
      name: 'Redis flushed',
      strike: async () => {
        await system.ownRedis.command('FLUSHALL');
      },
    },
    { name: 'Redis half-open', strike: () => system.ownRedis.proxy.silence() },
    {
      name: `Redis gone for ${GONE_MS / 1000} s`,
      strike: () => system.ownRedis.crash(),
      meanwhile: async ({ account: { token } }) => {
        await unready('is gone');
        // Each process counts by itself.
        const { headers } = await system.request('GET', '/api/build/', { token });
        expect(Number(headers['x-ratelimit-remaining'])).toBeLessThan(GENEROUS_LIMIT);
        await delay(GONE_MS);
      },
      mend: () => system.ownRedis.restart(),
    },
    {
      name: `Redis silent for ${ILL_MS / 1000} s`,
      isInFullFormOnly: true,
      strike: () => system.ownRedis.proxy.set('silent'),
      meanwhile: async () => {
        await unready('is silent');
        await delay(ILL_MS);
      },
      mend: () => system.ownRedis.proxy.set('open'),
    },
    {
      name: `Redis out of memory for ${ILL_MS / 1000} s`,
      strike: async () => {
        await system.ownRedis.command('CONFIG', 'SET', 'maxmemory', '1');
      },
      meanwhile: async () => {
        await unready('is full');
        await delay(ILL_MS);
      },
      mend: async () => {
        await system.ownRedis.command('CONFIG', 'SET', 'maxmemory', '0');
      },
    },
    {
      name: 'Redis evicting keys',
      isInFullFormOnly: true,
      prepare: async () => {
        await system.ownRedis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random');
      },
      strike: async () => {
        const info = String(await system.ownRedis.command('INFO', 'memory'));
        const used = Number(/^used_memory:(\d+)/m.exec(info)?.[1]);
        await system.ownRedis.command('CONFIG', 'SET', 'maxmemory', String(used + ROOM_BYTES));
      },
      meanwhile: async () => {
        await waitUntil('readiness to tell that keys may go', async () => {
          const { body } = await system.request<{ checks: object }>('GET', '/api/health/ready');
          return 'queue' in body.checks && body.checks.queue === 'degraded';
        });
        // Each of them drives out others, of the product's too.
        const end = performance.now() + ILL_MS;
        for (let number = 1; performance.now() < end; number += 1) {
          const value = 'x'.repeat(ROOM_BYTES / 10);
          await system.ownRedis.command('SET', `other-${number}`, value);
        }
      },
      mend: async () => {
        await system.ownRedis.command('CONFIG', 'SET', 'maxmemory', '0');
        await system.ownRedis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      },
    },
  ];

  it.each(inThisForm(harms))(
    'loses no task where it is harmed: $name',
    async (harm) => {
      await doHarm(system, harm, (visitor) => {
        const { reads, creates, liveness } = answered(visitor);
        // The row is the truth: it is written, and delivered when Redis is back.
        expect({ reads, creates, liveness }).toEqual({
          reads: [200],
          creates: [202],
          liveness: [200],
        });
      });
    },
    CASE_MS,
  );
});

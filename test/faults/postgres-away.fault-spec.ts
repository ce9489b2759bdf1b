import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { describeWithRedis } from '../support/redis-server.js';
import { CASE_MS, inForm } from './fault-form.js';
import { answered, doHarm, inThisForm, type Harm } from './harm.js';
import { ServiceSystem } from './service-system.js';
import { waitUntil } from './wait-until.js';

const GONE_MS = inForm(5_000, 60_000);
const ILL_MS = inForm(4_000, 60_000);
/** More than the product has connections, of all its processes. */
const MANY = 60;

describeWithRedis('PostgreSQL, with Redis', () => {
  const system = ServiceSystem.forSuite({ ownPostgres: true });

  const unready = () =>
    waitUntil('readiness to tell of the database', async () => {
      const { status } = await system.request('GET', '/api/health/ready');
      return status === 503;
    });

  const endConnections = () =>
    system.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> ''`,
    );

  /** Statements that need the table wait, each with its connection, until this ends. */
  let locker: pg.Client;

  const harms: (Harm & { isAlwaysThere?: boolean })[] = [
    {
      name: 'PostgreSQL restarted by its operator',
      isInFullFormOnly: true,
      strike: () => system.ownPostgres.shutDown(),
      mend: () => system.ownPostgres.restart(),
    },
    {
      name: 'PostgreSQL killed and started again',
      strike: () => system.ownPostgres.crash(),
      mend: () => system.ownPostgres.restart(),
    },
    {
      name: 'all connections of PostgreSQL ended, ten times',
      strike: async () => {
        for (let time = 1; time <= 10; time += 1) {
          await endConnections();
          await delay(200);
        }
      },
    },
    {
      name: `PostgreSQL gone for ${GONE_MS / 1000} s`,
      strike: () => system.databaseProxy.set('cut'),
      meanwhile: async () => {
        await unready();
        await delay(GONE_MS);
      },
      mend: () => system.databaseProxy.set('open'),
    },
    {
      name: `PostgreSQL silent for ${ILL_MS / 1000} s`,
      isInFullFormOnly: true,
      strike: () => system.databaseProxy.set('silent'),
      meanwhile: async () => {
        await unready();
        await delay(ILL_MS);
      },
      mend: () => system.databaseProxy.set('open'),
    },
    {
      name: `PostgreSQL 300 ms away for ${ILL_MS / 1000} s`,
      isAlwaysThere: true,
      strike: () => system.databaseProxy.delay(300),
      meanwhile: () => delay(ILL_MS),
      mend: () => system.databaseProxy.delay(0),
    },
    {
      name: `pool exhausted for ${ILL_MS / 1000} s`,
      strike: async () => {
        locker = new pg.Client({ connectionString: system.databaseUrl });
        await locker.connect();
        await locker.query('BEGIN');
        await locker.query('LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE');
      },
      meanwhile: async ({ account: { token } }) => {
        const asked = Array.from({ length: MANY }, () =>
          system.request('GET', '/api/build/', { token }),
        );
        await unready();
        await delay(ILL_MS);
        await locker.query('COMMIT');
        const statuses = (await Promise.all(asked)).map(({ status }) => status);
        expect([200, 503]).toEqual(expect.arrayContaining([...new Set(statuses)]));
        expect(statuses).toContain(503);
      },
      mend: () => locker.end(),
    },
  ];

  it.each(inThisForm(harms))(
    'loses no task: $name',
    async (harm) => {
      await doHarm(system, harm, (visitor) => {
        const { reads, creates, liveness, retryAfters } = answered(visitor);
        expect(harm.isAlwaysThere ? [200] : [200, 503]).toEqual(expect.arrayContaining(reads));
        expect(harm.isAlwaysThere ? [202] : [202, 503]).toEqual(expect.arrayContaining(creates));
        expect(['5']).toEqual(expect.arrayContaining(retryAfters));
        expect(liveness).toEqual([200]);
      });
      expect(system.processes.every(({ isRunning }) => isRunning)).toBe(true);
    },
    CASE_MS,
  );
});

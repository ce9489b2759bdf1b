import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeWithRedis } from '../support/redis-server.js';
import { Batch } from './fault-batch.js';
import { CASE_MS, inForm } from './fault-form.js';
import { FaultSystem } from './fault-system.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants } from './invariants.js';

const run = promisify(execFile);
const MIGRATE = fileURLToPath(new URL('../../dist/src/migrate-database.js', import.meta.url));
const SERVERS = inForm(2, 4);

/** All of its processes come at the same moment, and programs that migrate with them; none finds a schema. */
class SimultaneousSystem extends FaultSystem {
  startedInMs = 0;

  protected override async prepare(): Promise<void> {
    await super.prepare();
    const env = { PATH: process.env['PATH'], DATABASE_URL: this.databaseUrl };
    const migrations = Array.from({ length: 2 }, () =>
      run(process.execPath, [MIGRATE], { env, cwd: this.folder }),
    );
    const servers = Array.from({ length: SERVERS }, () => [this.run('api'), this.run('worker')]);
    const begun = performance.now();
    await Promise.all([...migrations, ...servers.flat()]);
    this.startedInMs = performance.now() - begun;
  }
}

describeWithRedis('migrations started at once, on Redis and PostgreSQL', () => {
  const system = new SimultaneousSystem({});
  beforeAll(() => system.start(), 180_000);
  afterAll(() => system.stop(), 60_000);

  it(
    'are run once each, and no task is lost or doubled after them',
    async () => {
      const runs = await system.query<{ name: string; count: number }>(
        'SELECT name, count(*)::int AS count FROM migrations GROUP BY name',
      );
      expect(runs.length).toBeGreaterThan(0);
      expect(runs.filter(({ count }) => count !== 1)).toEqual([]);
      const admins = await system.query(`SELECT username FROM users WHERE role = 'admin'`);
      expect(admins).toEqual([{ username: system.admin.username }]);

      const batch = new Batch(system, await system.accounts(2), 'at-once');
      await batch.refused(inForm(10, 40));
      await batch.analyses(2);
      await batch.ended();
      const tally = await expectInvariants(system, batch);
      const recoverySeconds = system.startedInMs / 1000;
      tellOutcome({ harm: 'migrations started at once', times: 1, ...tally, recoverySeconds });
    },
    CASE_MS,
  );
});

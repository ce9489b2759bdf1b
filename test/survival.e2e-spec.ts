import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { errorBody } from './support/system-shapes.js';
import { describeSystem } from './support/system-suite.js';

describeSystem('survival', {}, (system) => {
  it('keeps accounts and tokens over a restart', async () => {
    const { token } = await system.register();
    await system.front.stop();
    await system.run(system.deployment === 'embedded' ? 'all' : 'api');
    expect((await system.request('GET', '/auth/me', { token })).status).toBe(200);
  });

  it('leaves nothing behind when it stops', async () => {
    const exits = await Promise.all([system.front.stop(), system.worker.stop()]);
    expect(exits.map(({ code }) => code)).toEqual([0, 0]);
    const left = await readdir(system.folder, { recursive: true });
    expect(left.filter((path) => /postmaster\.pid|\.s\.PGSQL/.test(path))).toEqual([]);
  });
});

describeSystem('survival of the database', { deployments: ['embedded'] }, (system) => {
  it('answers 503 while its database is gone, stays alive, and is ready when it can start again', async () => {
    const { token } = await system.register();
    const version = join(system.folder, 'data', 'postgres', 'data', 'PG_VERSION');
    await rename(version, `${version}.away`);
    await system.killDatabase('SIGKILL');
    // Its connections end one after the other, and the probe keeps its answer for a moment.
    let ready = await system.request('GET', '/api/health/ready');
    while (ready.status === 200) {
      ready = await system.request('GET', '/api/health/ready');
    }
    const reply = await system.request('GET', '/api/build/', { token });
    expect([reply.status, reply.body]).toEqual([503, errorBody(503)]);
    expect((await system.request('GET', '/api/health/live')).status).toBe(200);
    await rename(`${version}.away`, version);
    while (ready.status !== 200) {
      ready = await system.request('GET', '/api/health/ready');
    }
    expect((await system.request('GET', '/api/build/', { token })).status).toBe(200);
  });
});

describe('a process whose log nobody reads any more', () => {
  const LOGGER = new URL('../dist/src/common/log/app-logger.js', import.meta.url);

  it.each(['json', 'pretty'])('ends all the same: %s', async (format) => {
    const script = `
      import { once } from 'node:events';
      import { AppLogger } from '${LOGGER.href}';
      const logger = new AppLogger('info', '${format}');
      logger.log('ready');
      await once(process.stdin, 'data');
      logger.log('last words');
      logger.log('and more');
      process.exit(7);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const exited = once(child, 'exit');
    child.stdin.write('end\n');
    expect(await exited).toEqual([7, null]);
  });
});

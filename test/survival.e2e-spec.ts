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

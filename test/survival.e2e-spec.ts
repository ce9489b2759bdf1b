import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { QUICK_BUILD, type BuildView } from './support/system-build.js';
import { errorBody } from './support/system-shapes.js';
import { BUILD_TIMEOUT_MS, describeSystem } from './support/system-suite.js';

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

describeSystem('survival of Redis', { deployments: ['distributed'] }, (system) => {
  it(
    'accepts builds without Redis, says that it is not ready, and completes them when it is back',
    async () => {
      const { token } = await system.register();
      const restart = await system.loseRedis();
      const id = await system.build(token, { ...QUICK_BUILD, project_name: 'accepted' });
      const waiting = await system.request('GET', `/api/build/${id}`, { token });
      const ready = await system.request('GET', '/api/health/ready');
      const live = await system.request('GET', '/api/health/live');
      expect([waiting.body['status'], ready.status, live.status]).toEqual([
        'initializing',
        503,
        200,
      ]);
      await restart();
      const { status } = await system.ended<BuildView>(token, id);
      expect(status).toBe('completed');
    },
    BUILD_TIMEOUT_MS,
  );
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

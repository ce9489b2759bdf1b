import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { QUICK_BUILD, type BuildView } from './support/system-build.js';
import { errorBody } from './support/system-shapes.js';
import { BUILD_TIMEOUT_MS, describeSystem } from './support/system-suite.js';

describeSystem('survival', {}, (system) => {
  /** A build whose checks run right now. */
  const startBuild = async (project: string) => {
    const { token } = await system.register();
    const id = await system.build(token, { ...QUICK_BUILD, project_name: project });
    const stream = system.watch(token, id);
    await stream.until(
      (message) =>
        (message['data'] as { current_step?: string } | undefined)?.current_step ===
        'Running checks',
    );
    return { token, id, seen: Math.max(...stream.seqs) };
  };

  /** What a client that comes back sees: nothing missing, nothing twice, one end. */
  const expectGoodEnd = async ({
    token,
    id,
    seen,
  }: {
    token: string;
    id: string;
    seen: number;
  }) => {
    const back = system.watch(token, id, `&since=${seen}`);
    expect((await back.closed).code).toBe(1000);
    expect(back.seqs).toEqual(back.seqs.map((_, index) => seen + 1 + index));
    const events = await system.request<{ type: string; seq: number; progress: number }[]>(
      'GET',
      `/api/build/${id}/events`,
      { token },
    );
    expect(events.body.map(({ seq }) => seq)).toEqual(events.body.map((_, index) => index + 1));
    const types = events.body.map(({ type }) => type);
    expect(types.filter((type) => type !== 'progress')).toEqual(['completion']);
    const percents = events.body.map(({ progress }) => progress);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    const { body } = await system.request<BuildView>('GET', `/api/build/${id}`, { token });
    expect(body).toMatchObject({ status: 'completed', progress: 100, error: null });
    expect(body.results?.checks.map(({ passed }) => passed)).toEqual([true, true, true, true]);
  };

  it(
    'completes a build whose worker was killed',
    async () => {
      const build = await startBuild('killed');
      await system.worker.signal('SIGKILL');
      await system.run(system.roleOfWorker);
      await expectGoodEnd(build);
    },
    BUILD_TIMEOUT_MS,
  );

  it(
    'loses no build on SIGTERM: exits with 0 in time, and completes it, after a restart at the latest',
    async () => {
      const build = await startBuild('stopped');
      const started = performance.now();
      expect(await system.worker.stop()).toEqual({ code: 0, signal: null });
      expect(performance.now() - started).toBeLessThan(15_000);
      await system.run(system.roleOfWorker);
      await expectGoodEnd(build);
    },
    BUILD_TIMEOUT_MS,
  );

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

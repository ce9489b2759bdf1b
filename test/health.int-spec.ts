import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppConfig } from '../src/config/app-config.js';
import { WorkerIndicator } from '../src/health/indicators/worker.indicator.js';
import { StatusSource, StatusSources, type ToolchainStatus } from '../src/health/status-source.js';
import { TaskQueue } from '../src/infra/queue/task-queue.js';
import { startHealthApp, type HealthApp, type HealthAppOptions } from './support/health-app.js';

const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

class PythonSource extends StatusSource {
  override readonly name = 'python';

  override read(): ToolchainStatus {
    return { status: 'preparing' };
  }
}

describe('/api/health', () => {
  let server: HealthApp;

  async function start(options?: HealthAppOptions): Promise<void> {
    server = await startHealthApp(options);
  }

  afterEach(() => server.close());

  async function get(path: string): Promise<[status: number, body: Record<string, unknown>]> {
    const response = await server.request(`/api/health${path}`);
    return [response.status, (await response.json()) as Record<string, unknown>];
  }

  /** Probes share answers for a while: asks until this status comes, and gives its body. */
  async function until(path: string, status: number): Promise<Record<string, unknown>> {
    for (;;) {
      const [answered, body] = await get(path);
      if (answered === status) {
        return body;
      }
      await delay(50);
    }
  }

  function unready(detail: string, checks: Record<string, string>) {
    return {
      status: 'not_ready',
      error: 'service_unavailable',
      detail,
      status_code: 503,
      timestamp: TIMESTAMP,
      checks,
    };
  }

  it.each(['', '/'])('answers load balancers at /api/health%s', async (path) => {
    await start();
    const body = { status: 'healthy', timestamp: TIMESTAMP, version: '3.0.0' };
    expect(await get(path)).toEqual([200, body]);
  });

  it('is ready and alive without a worker', async () => {
    await start();
    expect(await get('/ready')).toEqual([
      200,
      {
        status: 'ready',
        timestamp: TIMESTAMP,
        checks: { database: 'healthy', queue: 'healthy' },
      },
    ]);
    expect(await get('/live')).toEqual([
      200,
      { status: 'alive', timestamp: TIMESTAMP, checks: { event_loop: 'healthy' } },
    ]);
  });

  it('shows components, metrics and what the process runs', async () => {
    await start({ works: true });
    server.app.get(StatusSources).register(new PythonSource());
    await get('/');
    expect(await get('/status')).toEqual([
      200,
      {
        status: 'operational',
        timestamp: TIMESTAMP,
        version: '3.0.0',
        components: { api: 'healthy', database: 'healthy', cache: 'healthy', security: 'healthy' },
        metrics: {
          uptime_seconds: expect.any(Number) as number,
          requests_total: 1,
          requests_per_second: expect.any(Number) as number,
          memory_percent: expect.any(Number) as number,
          cpu_percent: expect.any(Number) as number,
        },
        worker: { status: 'healthy', disk: 'healthy', running: 0, concurrency: 3 },
        sandbox: null,
        toolchains: { python: { status: 'preparing' } },
        engine: 'blueprints',
      },
    ]);
  });

  it('is degraded where nothing isolates', async () => {
    await start({ unisolated: true });
    expect(await get('/status')).toMatchObject([
      200,
      {
        status: 'degraded',
        components: { api: 'healthy', security: 'degraded' },
        sandbox: { kind: 'process', isolated: false, reason: 'no user namespaces here' },
        worker: null,
      },
    ]);
  });

  it('is not ready without its database, stays alive, and is ready again with it', async () => {
    await start({ works: true });
    await until('/ready', 200);
    server.proxy.set('cut');
    const checks = { database: 'unhealthy', queue: 'healthy', disk: 'healthy' };
    expect(await until('/ready', 503)).toEqual(unready('database does not answer', checks));
    expect(await get('/status')).toMatchObject([
      200,
      { status: 'degraded', components: { api: 'healthy', database: 'unhealthy' } },
    ]);
    expect((await get('/live'))[0]).toBe(200);
    expect((await get('/'))[0]).toBe(200);
    server.proxy.set('open');
    await until('/ready', 200);
  });

  it('answers in time while its database hangs, and keeps the pool for others', async () => {
    await start();
    await until('/ready', 200);
    server.proxy.set('silent');
    await until('/ready', 503);
    for (let round = 0; round < 3; round += 1) {
      const askedAt = performance.now();
      expect((await get('/ready'))[0]).toBe(503);
      expect(performance.now() - askedAt).toBeLessThan(5_000);
      await delay(1_100); // past what the probes share
    }
    const { pool } = server.database;
    expect(pool.totalCount - pool.idleCount).toBeLessThanOrEqual(1);
    expect(pool.waitingCount).toBe(0);
  });

  it('asks the database once for a flood of probes', async () => {
    await start();
    let queries = 0;
    server.database.pool.on('acquire', () => (queries += 1));
    await Promise.all(Array.from({ length: 100 }, () => get('/ready')));
    // Two: the flood may outlast the second that one answer is shared.
    expect(queries).toBeGreaterThan(0);
    expect(queries).toBeLessThanOrEqual(2);
  });

  it('is not ready where the queue takes no tasks', async () => {
    await start();
    await server.app.get(TaskQueue).close();
    const checks = { database: 'healthy', queue: 'unhealthy' };
    expect(await get('/ready')).toEqual([503, unready('queue takes no tasks', checks)]);
    expect(await get('/status')).toMatchObject([200, { components: { cache: 'unhealthy' } }]);
  });

  it('is not ready where its worker can not write', async () => {
    await start({ works: true });
    await rm(server.app.get(AppConfig).dataDir, { recursive: true });
    const checks = { database: 'healthy', queue: 'healthy', disk: 'unhealthy' };
    expect(await get('/ready')).toEqual([503, unready('disk DATA_DIR is not writable', checks)]);
    expect(await get('/status')).toMatchObject([
      200,
      { status: 'degraded', worker: { status: 'unhealthy', disk: 'unhealthy' } },
    ]);
  });

  it('wants a restart where deliveries do not reach its worker', async () => {
    await start({ works: true });
    const { database } = server;
    await database.query({
      text: `INSERT INTO users (username, password_hash, role) VALUES ('ann', '-', 'user')`,
    });
    await database.query(
      {
        text: `INSERT INTO tasks (id, kind, owner, project_name, input) VALUES ($1, 'build', 'ann', 'p', '{}')`,
      },
      [randomUUID()],
    );
    const worker = server.app.get(WorkerIndicator);
    await worker.observe();
    for (let delivery = 0; delivery < 4; delivery += 1) {
      expect((await get('/live'))[0]).toBe(200);
      await database.query({
        text: `UPDATE tasks SET dispatches = dispatches + 1,
                 next_dispatch_at = next_dispatch_at + interval '5 s'`,
      });
      await worker.observe();
    }
    expect(await get('/live')).toEqual([
      503,
      {
        ...unready('worker has nothing to do, and takes none of the tasks that wait', {}),
        status: 'stuck',
        checks: { event_loop: 'healthy', worker: 'unhealthy' },
      },
    ]);
    await database.query({ text: `UPDATE tasks SET status = 'cancelled', finished_at = now()` });
    await worker.observe();
    expect((await get('/live'))[0]).toBe(200);
  });
});

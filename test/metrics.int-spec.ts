import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { startHealthApp, type HealthApp } from './support/health-app.js';

const TOKEN = 'the-token-of-the-scraper';

describe('/metrics', () => {
  let server: HealthApp;

  afterEach(() => server.close());

  async function scrape(): Promise<string> {
    const response = await server.request('/metrics');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    return response.text();
  }

  it('counts requests by route template, the refused ones too', async () => {
    server = await startHealthApp();
    await server.request('/api/health/live?probe=1');
    await server.request('/api/health/live/');
    await server.request('/api/no/such/thing');
    await server.request('/api/health/ready', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    const lines = (await scrape()).split('\n').filter((line) => line.startsWith('http_requests'));
    expect(lines.sort()).toEqual([
      'http_requests_total{method="GET",route="/api/health/live",status="200"} 2',
      'http_requests_total{method="GET",route="unmatched",status="404"} 1',
      'http_requests_total{method="POST",route="unmatched",status="400"} 1',
    ]);
  });

  it('measures durations, the process and its event loop', async () => {
    server = await startHealthApp();
    await server.request('/api/health');
    const text = await scrape();
    expect(text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/api/health"} 1',
    );
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
  });

  it('counts a client that left before its answer', async () => {
    server = await startHealthApp();
    server.proxy.set('silent');
    const leaving = new AbortController();
    const probed = once(server.database.pool, 'acquire');
    const left = server.request('/api/health/ready', { signal: leaving.signal });
    await probed;
    leaving.abort();
    await expect(left).rejects.toThrow();
    await server.request('/api/health');
    expect(await scrape()).toContain('route="/api/health/ready",status="499"} 1');
  });

  it('says that no task is unfinished, which is not the same as nothing', async () => {
    server = await startHealthApp();
    expect(taskCounts(await scrape())).toEqual(['tasks_unfinished 0']);
  });

  it('counts the unfinished tasks', async () => {
    server = await startHealthApp();
    await server.database.query({
      text: `INSERT INTO users (username, password_hash, role) VALUES ('ann', '-', 'user')`,
    });
    for (const status of ['initializing', 'initializing', 'running', 'completed']) {
      await server.database.query(
        {
          text: `INSERT INTO tasks (id, kind, owner, project_name, input, status)
                 VALUES ($1, 'build', 'ann', 'p', '{}', $2)`,
        },
        [randomUUID(), status],
      );
    }
    const text = await scrape();
    expect(taskCounts(text)).toEqual([
      'tasks_unfinished 0',
      'tasks_unfinished{kind="build",status="initializing"} 2',
      'tasks_unfinished{kind="build",status="running"} 1',
    ]);
    expect(text).toMatch(/^tasks_oldest_ready_seconds\{kind="build"\} \d/m);
  });

  it.each(['cut', 'silent'] as const)('answers while the database is away (%s)', async (mode) => {
    server = await startHealthApp();
    server.proxy.set(mode);
    const text = await scrape();
    expect(taskCounts(text)).toEqual([]);
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('wants its token where one is set', async () => {
    server = await startHealthApp({ env: { METRICS_TOKEN: TOKEN } });
    for (const authorization of ['', 'Bearer', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`]) {
      const response = await server.request('/metrics', { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toMatchObject({ error: 'unauthorized', status_code: 401 });
    }
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await server.request('/metrics', { headers })).status).toBe(200);
  });
});

function taskCounts(text: string): string[] {
  return (text.match(/^tasks_unfinished\b.*$/gm) ?? []).sort();
}

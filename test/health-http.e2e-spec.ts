import { errorBody, TIMESTAMP } from './support/system-shapes.js';
import { describeSystem } from './support/system-suite.js';

describeSystem('health', {}, (system) => {
  const get = (path: string, token?: string) => system.request('GET', path, { token });

  it('answers the basic check as documented', async () => {
    const { status, body } = await get('/api/health/');
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'healthy',
      timestamp: expect.stringMatching(TIMESTAMP) as string,
      version: '3.0.0',
    });
  });

  it.each([
    ['ready', 'ready'],
    ['live', 'alive'],
  ])('answers the probe %s with 200', async (probe, word) => {
    const { status, body } = await get(`/api/health/${probe}`);
    expect([status, body['status']]).toEqual([200, word]);
    expect(new Set(Object.values(body['checks'] as object))).toEqual(new Set(['healthy']));
  });

  it('answers the system status with every documented field', async () => {
    const { status, body } = await get('/api/health/status');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: expect.stringMatching(/^(operational|degraded)$/) as string,
      timestamp: expect.stringMatching(TIMESTAMP) as string,
      version: '3.0.0',
      components: {
        api: 'healthy',
        database: 'healthy',
        cache: 'healthy',
        security: expect.stringMatching(/^(healthy|degraded)$/) as string,
      },
      metrics: {
        uptime_seconds: expect.any(Number) as number,
        requests_total: expect.any(Number) as number,
        requests_per_second: expect.any(Number) as number,
        memory_percent: expect.any(Number) as number,
        cpu_percent: expect.any(Number) as number,
      },
    });
    const isHealthy = (body['components'] as { security: string }).security === 'healthy';
    expect(body['status']).toBe(isHealthy ? 'operational' : 'degraded');
  });

  it('counts requests', async () => {
    const total = async () => {
      const { body } = await get('/api/health/status');
      return (body['metrics'] as { requests_total: number }).requests_total;
    };
    const before = await total();
    await get('/auth/me');
    expect(await total()).toBeGreaterThan(before);
  });

  it('answers HEAD as load balancers ask', async () => {
    const { status, bytes } = await system.request('HEAD', '/api/health/');
    expect([status, bytes.length]).toEqual([200, 0]);
  });

  it('does not care for the token of a probe', async () => {
    expect((await get('/api/health/live', 'nonsense')).status).toBe(200);
  });

  it('lets no cache keep an answer', async () => {
    for (const probe of ['', 'ready', 'live', 'status']) {
      expect((await get(`/api/health/${probe}`)).headers['cache-control']).toBe('no-store');
    }
  });

  it('gives metrics in the format of Prometheus', async () => {
    const { status, headers, text } = await get('/metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/^# TYPE process_resident_memory_bytes gauge$/m);
    expect(text).toMatch(/^http_request\w*\{/m);
    const unreadable = text
      .split('\n')
      .filter((line) => !/^(#.*|[a-zA-Z_:][\w:]*(\{.*\})? [-+.\w]+|)$/.test(line));
    expect(unreadable).toEqual([]);
  });

  it('answers the probes of every process', async () => {
    for (const { url } of [system.front, system.worker]) {
      const replies = await Promise.all(
        ['', 'ready', 'live', 'status'].map((probe) => fetch(`${url}/api/health/${probe}`)),
      );
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    }
  });
});

describeSystem('roles', { deployments: ['distributed'] }, (system) => {
  it('serves no API in a worker', async () => {
    const reply = await fetch(`${system.worker.url}/api/build/`);
    expect([reply.status, await reply.json()]).toEqual([404, errorBody(404)]);
  });
});

describeSystem(
  'settings',
  {
    settings: { METRICS_TOKEN: 'only-for-the-scraper', DOCS: 'off' },
    deployments: ['embedded'],
  },
  (system) => {
    it('asks for METRICS_TOKEN where it is set', async () => {
      system.secrets.add('only-for-the-scraper');
      const read = (token?: string) => system.request('GET', '/metrics', { token });
      const refused = await read();
      expect([refused.status, refused.body]).toEqual([401, errorBody(401)]);
      expect(refused.headers['www-authenticate']).toBe('Bearer');
      expect((await read((await system.loginAdmin()).token)).status).toBe(401);
      expect((await read('only-for-the-scraper')).status).toBe(200);
    });

    it.each(['/', '/api/docs', '/api/docs/', '/api/openapi.json', '/api/openapi.yaml'])(
      'hides %s with DOCS=off',
      async (path) => {
        const { status, body } = await system.request('GET', path);
        expect([status, body]).toEqual([404, errorBody(404)]);
      },
    );
  },
);

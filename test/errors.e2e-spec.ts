import { randomUUID } from 'node:crypto';
import { QUICK_BUILD } from './support/system-build.js';
import { errorBody } from './support/system-shapes.js';
import { describeSystem } from './support/system-suite.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const MAX_BODY_BYTES = 1024 * 1024;

describeSystem('errors', { settings: { QUOTA_UNFINISHED_TASKS: '0' } }, (system) => {
  let token: string;

  const post = (body: unknown, headers?: Record<string, string>) =>
    system.request('POST', '/api/build/', { token, body, ...(headers && { headers }) });
  const postRaw = (raw: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
    system.request('POST', '/api/build/', { token, raw, headers });
  const get = (path: string, headers: Record<string, string> = {}) =>
    system.request('GET', path, { token, headers });

  beforeAll(async () => {
    ({ token } = await system.register());
  });

  it('names the fields of a resource that fail', async () => {
    const resources = [{ fields: [{ name: 'a', type: 'blob' }] }];
    const reply = await post({ ...QUICK_BUILD, parameters: { resources } });
    expect([reply.status, reply.body['errors']]).toEqual([
      422,
      [
        { field: 'parameters.resources[0].name', message: 'is required' },
        {
          field: 'parameters.resources[0].fields[0].type',
          message: expect.stringContaining('must be one of string, ') as string,
        },
      ],
    ]);
  });

  it('gives each request an id, in the answer and in the log', async () => {
    const reply = await get('/api/build/?limit=1', { 'X-Request-Id': 'from-the-proxy.1' });
    expect(reply.headers['x-request-id']).toBe('from-the-proxy.1');
    const other = await get('/api/build/?limit=1', { 'X-Request-Id': 'not one!' });
    expect(other.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    expect(system.logs()).toMatch(/"request_id":"from-the-proxy\.1".*GET \/api\/build\/ 200/);
  });

  it('lets nobody keep an answer', async () => {
    expect((await get('/api/build/')).headers['cache-control']).toBe('no-store');
  });

  describe('answers 400 to', () => {
    it.each([
      ['JSON that is cut off', '{"project_name": "x"'],
      ['what is no JSON', 'project_name=x'],
      ['JSON that is nested thousands deep', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
      ['a field of the prototype', '{"project_name":"x","goal":"x","__proto__":{"a":1}}'],
      ['NUL in a goal', '{"project_name":"x","goal":"a\\u0000b"}'],
      ['NUL in a parameter', '{"project_name":"x","goal":"x","parameters":{"a":"\\u0000"}}'],
      ['half a surrogate pair', '{"project_name":"x","goal":"\\ud800"}'],
    ])('%s', async (_, raw) => {
      const { status, body } = await postRaw(raw);
      expect([status, body]).toEqual([400, errorBody(400)]);
    });

    it.each(['\u0001', '\u0007', '\u001b', '\u007f', '\u0008'])(
      'the control character %j in a goal',
      async (character) => {
        const reply = await post({ project_name: 'x', goal: `a${character}b` });
        expect([reply.status, reply.body]).toEqual([400, errorBody(400)]);
      },
    );

    it.each([
      '',
      '-x',
      '.x',
      '_x',
      'a..b',
      'a/b',
      'a b',
      '../x',
      'x;ls',
      '$(id)',
      "x'--",
      'é',
      'a\n',
      'x'.repeat(101),
    ])('the project name %j', async (name) => {
      const reply = await post({ ...QUICK_BUILD, project_name: name });
      expect([reply.status, reply.body]).toEqual([400, errorBody(400)]);
    });

    it('a bad project name, also where other fields fail their schema', async () => {
      const reply = await post({ project_name: '../x', goal: 1, parameters: [] });
      expect([reply.status, reply.body]).toEqual([400, errorBody(400)]);
    });

    it('a bad project name in a path and in a filter', async () => {
      expect((await get('/api/projects/a..b')).status).toBe(400);
      expect((await get('/api/build/?project_name=a..b')).status).toBe(400);
    });

    it.each([
      [
        'an object of very many fields',
        `{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join()}}`,
      ],
      [
        'a list of very many items',
        `{"a":[${Array.from({ length: 200_000 }, () => '{}').join()}]}`,
      ],
    ])('%s, at once', async (_, raw) => {
      const startedAt = performance.now();
      const { status, body } = await postRaw(raw);
      expect([status, body]).toEqual([400, errorBody(400)]);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    });

    it('bytes that are no UTF-8', async () => {
      const raw = Buffer.concat([
        Buffer.from('{"project_name":"x","goal":"a'),
        Buffer.from([0xff]),
        Buffer.from('"}'),
      ]);
      const { status, body } = await postRaw(raw);
      expect([status, body]).toEqual([400, errorBody(400)]);
    });

    it('a header that is larger than the server reads', async () => {
      const { status, body } = await get(`/${'x'.repeat(20_000)}`);
      expect([status, body]).toEqual([400, errorBody(400)]);
    });

    it('a percent sign that means nothing', async () => {
      const reply = await get('/api/build/%ZZ');
      expect([reply.status, reply.body]).toEqual([400, errorBody(400)]);
    });
  });

  describe('answers 422 to', () => {
    it.each([
      ['nothing', {}, ['project_name', 'goal']],
      ['a list', [], ['']],
      ['a text', 'x', ['']],
      ['null', null, ['project_name', 'goal']],
      ['a missing goal', { project_name: 'x' }, ['goal']],
      ['an empty goal', { project_name: 'x', goal: '' }, ['goal']],
      ['a goal too long', { project_name: 'x', goal: 'x'.repeat(10_001) }, ['goal']],
      ['a goal that is a number', { project_name: 'x', goal: 1 }, ['goal']],
      ['a goal that is null', { project_name: 'x', goal: null }, ['goal']],
      ['a name that is a list', { project_name: ['x'], goal: 'x' }, ['project_name']],
      ['parameters that are a list', { ...QUICK_BUILD, parameters: [] }, ['parameters']],
      ['parameters that are a text', { ...QUICK_BUILD, parameters: 'x' }, ['parameters']],
      ['a field that it does not know', { ...QUICK_BUILD, gaol: 'x' }, ['gaol']],
      [
        'several at once',
        { goal: 7, parameters: { framework: 'x' } },
        ['project_name', 'goal', 'parameters.framework'],
      ],
    ])('%s', async (_, body, fields) => {
      const reply = await post(body);
      expect([reply.status, reply.body]).toEqual([422, errorBody(422)]);
      expect(fieldsOf(reply.body).sort()).toEqual([...fields].sort());
    });

    it.each([
      'limit=0',
      'limit=101',
      'limit=-1',
      'limit=x',
      'limit=1.5',
      'limit=',
      'limit=1&limit=2',
      'offset=-1',
      'offset=x',
      'status=done',
    ])('?%s', async (query) => {
      const { status, body } = await get(`/api/build/?${query}`);
      expect([status, body]).toEqual([422, errorBody(422)]);
      expect(fieldsOf(body)).toEqual([query.split('=')[0]]);
    });

    it.each(['x', '1', `${randomUUID()}0`, '00000000-0000-0000-0000-00000000000g'])(
      'the id %s',
      async (id) => {
        for (const method of ['GET', 'DELETE']) {
          const { status, body } = await system.request(method, `/api/build/${id}`, { token });
          expect([status, body]).toEqual([422, errorBody(422)]);
          expect(fieldsOf(body)).toEqual(['task_id']);
        }
      },
    );

    it('an archive format and a since that there are not', async () => {
      const id = randomUUID();
      expect((await get(`/api/build/${id}/archive?format=rar`)).status).toBe(422);
      expect((await get(`/api/build/${id}/events?since=-1`)).status).toBe(422);
    });
  });

  describe('accepts', () => {
    it.each([
      `Robert'); DROP TABLE tasks;--`,
      `<script>alert("1")</script> & \${7*7} {{7*7}}`,
      '$(rm -rf /); `id` | cat /etc/passwd && true',
      'Füge Anmeldung mit JWT hinzu 🔐 — 認証を追加',
      'tabs\tand\nline\r\nends',
      '🔐'.repeat(10_000),
      'x',
    ])('the goal %.40j, and gives it back as it was', async (goal) => {
      const reply = await post({ project_name: 'goals', goal });
      expect(reply.status).toBe(202);
      const id = String(reply.body['task_id']);
      expect((await get(`/api/build/${id}`)).body['goal']).toBe(goal);
      // Some of them are goals, and a build would keep the machine busy.
      await system.request('DELETE', `/api/build/${id}`, { token });
    });

    it.each(['a', '9', 'My-Project_1.0', 'x'.repeat(100)])(
      'the project name %.40s',
      async (name) => {
        const reply = await post({ project_name: name, goal: 'Simulate the weather' });
        expect(reply.status).toBe(202);
      },
    );

    it('an id in capitals', async () => {
      const id = await system.build(token, { project_name: 'x', goal: 'Simulate the weather' });
      expect((await get(`/api/build/${id.toUpperCase()}`)).body['task_id']).toBe(id);
    });
  });

  it.each(['/nowhere', '/api', '/api/builds', '/auth', '/.env', '/api/build/x/y/z'])(
    'answers 404 to %s',
    async (path) => {
      const { status, body } = await get(path);
      expect([status, body]).toEqual([404, errorBody(404)]);
    },
  );

  it.each([
    ['PUT', '/api/build/', ['GET', 'HEAD', 'POST']],
    ['PATCH', `/api/build/${randomUUID()}`, ['DELETE', 'GET', 'HEAD']],
    ['GET', '/auth/login', ['POST']],
    ['DELETE', '/api/health/', ['GET', 'HEAD']],
    ['POST', '/api/health/live', ['GET', 'HEAD']],
  ])('answers 405 to %s %s, and what is allowed', async (method, path, allowed) => {
    const { status, headers, body } = await system.request(method, path, { token });
    expect([status, body]).toEqual([405, errorBody(405)]);
    expect(headers.allow?.split(', ').sort()).toEqual(allowed);
  });

  it('answers 413 to a body over the limit', async () => {
    const body = { project_name: 'x', goal: 'x', parameters: { a: 'x'.repeat(MAX_BODY_BYTES) } };
    const reply = await post(body);
    expect([reply.status, reply.body]).toEqual([413, errorBody(413)]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'answers 415 to a body of type %s',
    async (type) => {
      const reply = await postRaw(JSON.stringify(QUICK_BUILD), { 'Content-Type': type });
      expect([reply.status, reply.body]).toEqual([415, errorBody(415)]);
    },
  );

  it('answers 415 to an encoding and a charset that it does not know', async () => {
    const raw = JSON.stringify(QUICK_BUILD);
    const encoded = await postRaw(raw, { ...JSON_TYPE, 'Content-Encoding': 'compress' });
    const charset = await postRaw(raw, { 'Content-Type': 'application/json; charset=x-none' });
    expect([encoded.status, charset.status]).toEqual([415, 415]);
    expect(encoded.body).toEqual(errorBody(415));
  });

  it('asks for no type where there is no body', async () => {
    const account = await system.register();
    const headers = { 'Content-Length': '0' };
    const reply = await system.request('POST', '/auth/logout', { token: account.token, headers });
    expect(reply.status).toBe(200);
  });

  it.each([
    ['GET', '/api/build'],
    ['GET', '/api/health'],
    ['GET', '/api/health/live'],
    ['GET', '/auth/me'],
    ['GET', '/api/projects'],
    ['POST', '/api/build'],
    ['POST', '/auth/login'],
    ['GET', `/api/build/${randomUUID()}`],
    ['GET', `/api/build/${randomUUID()}/files`],
    ['GET', '/metrics'],
  ])('answers %s %s with and without a trailing slash alike', async (method, path) => {
    const [plain, slashed] = [
      await system.request(method, path, { token }),
      await system.request(method, `${path}/`, { token }),
    ];
    expect(slashed.status).toBe(plain.status);
    expect([301, 302, 307, 308]).not.toContain(plain.status);
    expect(Object.keys(slashed.body)).toEqual(Object.keys(plain.body));
  });

  it.each(['/api/health/', '/api/build/', '/nowhere', '/auth/me'])(
    'sends security headers with %s',
    async (path) => {
      const { headers } = await get(path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'content-security-policy': expect.stringContaining("default-src 'self'") as string,
        'strict-transport-security': expect.stringMatching(/^max-age=\d+/) as string,
        'referrer-policy': 'no-referrer',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it('lets no other origin in by default', async () => {
    const Origin = 'https://elsewhere.example';
    const simple = await get('/api/build/', { Origin });
    const preflight = await system.request('OPTIONS', '/api/build/', {
      headers: { Origin, 'Access-Control-Request-Method': 'POST' },
    });
    for (const { headers } of [simple, preflight]) {
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('shows no stack trace, path or SQL to anybody', async () => {
    const replies = await Promise.all([
      postRaw('{'),
      get('/api/build/%ZZ'),
      get('/nowhere'),
      post({ ...QUICK_BUILD, project_name: "'" }),
    ]);
    for (const { text } of replies) {
      expect(text).not.toMatch(/\bat \S+ \(|node_modules|\.[jt]s\b|SELECT|INSERT|Unexpected token/);
    }
  });
});

describeSystem(
  'allowed origins',
  { settings: { CORS_ORIGINS: 'https://app.example' }, deployments: ['embedded'] },
  (system) => {
    const preflight = (origin: string) =>
      system.request('OPTIONS', '/api/build/', {
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,content-type',
        },
      });

    it('answers the preflight of an origin that is welcome', async () => {
      const { status, headers } = await preflight('https://app.example');
      expect(status).toBe(204);
      expect(headers['access-control-allow-origin']).toBe('https://app.example');
      expect(headers['access-control-allow-headers']).toMatch(/authorization/i);
    });

    it('gives others nothing', async () => {
      const { headers } = await preflight('https://elsewhere.example');
      expect(headers['access-control-allow-origin']).not.toBe('https://elsewhere.example');
      expect(headers['access-control-allow-origin']).not.toBe('*');
    });
  },
);

function fieldsOf(body: Record<string, unknown>): string[] {
  return (body['errors'] as { field: string }[]).map(({ field }) => field);
}

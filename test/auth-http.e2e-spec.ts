import { randomUUID } from 'node:crypto';
import { LONG_BUILD, QUICK_BUILD } from './support/system-build.js';
import { errorBody, TIMESTAMP, UUID } from './support/system-shapes.js';
import { describeSystem } from './support/system-suite.js';
import { StreamWatcher } from './support/stream-watcher.js';
import type { Account } from './support/system-client.js';

const ID = randomUUID();
const PROTECTED = [
  ['GET', '/auth/me'],
  ['GET', '/auth/me/usage'],
  ['POST', '/auth/logout'],
  ['POST', '/auth/password'],
  ['GET', '/auth/users/'],
  ['POST', '/auth/users/'],
  ['PATCH', '/auth/users/admin'],
  ['GET', '/auth/keys'],
  ['POST', '/auth/keys'],
  ['DELETE', `/auth/keys/${ID}`],
  ['POST', '/api/build/'],
  ['GET', '/api/build/'],
  ['GET', `/api/build/${ID}`],
  ['DELETE', `/api/build/${ID}`],
  ['GET', `/api/build/${ID}/files`],
  ['GET', `/api/build/${ID}/files/a.py`],
  ['GET', `/api/build/${ID}/archive`],
  ['GET', `/api/build/${ID}/manifest`],
  ['GET', `/api/build/${ID}/diff`],
  ['POST', `/api/build/${ID}/retry`],
  ['POST', `/api/build/${ID}/verify`],
  ['GET', `/api/build/${ID}/logs`],
  ['GET', `/api/build/${ID}/events`],
  ['GET', '/api/projects/'],
  ['GET', '/api/projects/x'],
  ['DELETE', '/api/projects/x'],
  ['PUT', '/api/projects/x/source'],
  ['GET', '/api/projects/x/files'],
  ['GET', '/api/projects/x/archive'],
  ['GET', '/api/projects/x/manifest'],
  ['GET', '/api/projects/x/diff'],
  ['GET', '/api/projects/x/repository.bundle'],
  ['POST', '/api/projects/x/restore'],
] as const;
const ALL_PERMISSIONS = [
  'build:create',
  'build:read',
  'build:cancel',
  'analysis:create',
  'analysis:read',
];

describeSystem('authentication', { settings: { RATE_LIMIT_LOGIN: '0' } }, (system) => {
  let alice: Account;
  let bob: Account;
  let viewer: Account;
  let aliceBuild: string;

  const as = (token: string | undefined, method: string, path: string, body?: object) =>
    system.request(method, path, { token, body });
  const me = async (token: string) => (await as(token, 'GET', '/auth/me')).status;
  const refresh = (token: string) =>
    as(undefined, 'POST', '/auth/refresh', { refresh_token: token });

  beforeAll(async () => {
    [alice, bob] = [await system.register(), await system.register()];
    viewer = await system.accountWithRole('viewer');
    // A goal that nobody understands: it ends by itself, at once.
    const body = { project_name: 'auth', goal: 'Simulate the weather' };
    aliceBuild = await system.build(alice.token, body);
  }, 60_000);

  it.each(PROTECTED)('answers 401 to %s %s without a token', async (method, path) => {
    const { status, headers, body } = await as(undefined, method, path);
    expect([status, body]).toEqual([401, errorBody(401)]);
    expect(headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it.each(['', 'nonsense', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.', `gsk_${'a'.repeat(43)}`])(
    'answers 401 to the token "%s"',
    async (token) => {
      const { status, headers } = await as(token, 'GET', '/api/build/');
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toMatch(/^Bearer/);
    },
  );

  it('answers 401 to a token whose signature is another', async () => {
    const [head, body, signature = ''] = alice.token.split('.');
    const forged = `${head}.${body}.${[...signature].reverse().join('')}`;
    expect(await me(forged)).toBe(401);
  });

  it('issues a token with the documented claims', async () => {
    const { body } = await as(undefined, 'POST', '/auth/login', {
      username: alice.username,
      password: alice.password,
    });
    expect(body).toEqual({
      access_token: expect.any(String) as string,
      token_type: 'bearer',
      expires_in: 86_400,
      refresh_token: expect.any(String) as string,
    });
    const [, payload = ''] = String(body['access_token']).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
    expect(claims).toEqual({
      sub: alice.username,
      role: 'user',
      permissions: ALL_PERMISSIONS,
      exp: claims.iat + 86_400,
      iat: expect.any(Number) as number,
      jti: expect.any(String) as string,
    });
  });

  it('registers with the role user, whatever is asked for', async () => {
    const username = 'registrant';
    const body = { username, password: 'long-enough' };
    system.secrets.add(body.password);
    const asAdmin = await as(undefined, 'POST', '/auth/register', { ...body, role: 'admin' });
    expect(asAdmin.status).toBe(422);
    const reply = await as(undefined, 'POST', '/auth/register', body);
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      username,
      role: 'user',
      permissions: ALL_PERMISSIONS,
      disabled: false,
      created_at: expect.stringMatching(TIMESTAMP) as string,
    });
    const twin = await as(undefined, 'POST', '/auth/register', { ...body, username: 'Registrant' });
    expect([twin.status, twin.body]).toEqual([409, errorBody(409)]);
  });

  it.each([
    { username: 'ab', password: 'long-enough' },
    { username: 'a'.repeat(65), password: 'long-enough' },
    { username: 'with space', password: 'long-enough' },
    { username: 'new-user', password: '1234567' },
    { username: 'new-user', password: 'x'.repeat(129) },
    { username: 'new-user' },
    { password: 'long-enough' },
    { username: 1, password: 'long-enough' },
  ])('refuses to register %j', async (body) => {
    const reply = await as(undefined, 'POST', '/auth/register', body);
    expect([reply.status, reply.body]).toEqual([422, errorBody(422)]);
  });

  it('answers a wrong password and an unknown user alike', async () => {
    const login = async (username: string, password: string) => {
      const reply = await as(undefined, 'POST', '/auth/login', { username, password });
      return [reply.status, { ...reply.body, timestamp: '' }, reply.headers['www-authenticate']];
    };
    const wrong = await login(alice.username, 'not-the-password');
    expect(wrong).toEqual(await login('nobody-of-that-name', 'not-the-password'));
    expect(wrong[0]).toBe(401);
  });

  it('tells who a token belongs to', async () => {
    expect((await as(viewer.token, 'GET', '/auth/me')).body).toMatchObject({
      username: viewer.username,
      role: 'viewer',
      permissions: ['build:read', 'analysis:read'],
    });
  });

  it.each([
    ['POST', '/api/build/', QUICK_BUILD],
    ['PUT', '/api/projects/x/source', { files: { 'a.py': '' } }],
    ['DELETE', '/api/projects/x', undefined],
    ['DELETE', `/api/build/${ID}`, undefined],
  ])('refuses %s %s to a viewer', async (method, path, body) => {
    const reply = await as(viewer.token, method, path, body);
    expect([reply.status, reply.body]).toEqual([403, errorBody(403)]);
  });

  it.each(['', '/files', '/archive', '/diff', '/logs', '/events'])(
    "refuses somebody else's build%s, and lets viewers and admins read it",
    async (part) => {
      const path = `/api/build/${aliceBuild}${part}`;
      await system.ended(alice.token, aliceBuild);
      const reply = await as(bob.token, 'GET', path);
      expect([reply.status, reply.body]).toEqual([403, errorBody(403)]);
      // A build that made nothing has no files; that is said to whoever may know.
      const status = ['/files', '/archive', '/diff'].includes(part) ? 404 : 200;
      const admin = await system.loginAdmin();
      for (const reader of [alice, viewer, admin]) {
        expect((await as(reader.token, 'GET', path)).status).toBe(status);
      }
    },
  );

  it.each(['', '/files', '/archive', '/diff', '/logs', '/events', '/files/a.py'])(
    'answers 404 to an unknown build%s and 422 to what is no id',
    async (part) => {
      const unknown = await as(alice.token, 'GET', `/api/build/${ID}${part}`);
      expect([unknown.status, unknown.body]).toEqual([404, errorBody(404)]);
      const bad = await as(alice.token, 'GET', `/api/build/not-a-uuid${part}`);
      expect([bad.status, bad.body]).toEqual([422, errorBody(422)]);
    },
  );

  it('lists everybody for admins with ?user=*, and their own without', async () => {
    const admin = await system.loginAdmin();
    const list = (token: string, query: string) =>
      system.request<Page>('GET', `/api/build/${query}`, { token });
    expect((await list(admin.token, '')).body).toMatchObject({ total: 0, builds: [] });
    const everybody = await list(admin.token, '?user=*');
    expect(everybody.body.builds.map(({ task_id }) => task_id)).toContain(aliceBuild);
    const ofAlice = await list(admin.token, `?user=${alice.username}`);
    expect(ofAlice.body.builds.map(({ created_by }) => created_by)).toEqual([alice.username]);
    expect((await list(bob.token, '?user=*')).status).toBe(403);
  });

  it('rotates a refresh token, and ends the whole session when one comes back', async () => {
    const account = await system.login(bob.username, bob.password);
    const rotated = await refresh(account.refreshToken);
    expect(rotated.status).toBe(200);
    const next = rotated.body as { access_token: string; refresh_token: string };
    system.secrets.add(next.access_token).add(next.refresh_token);
    expect(next.refresh_token).not.toBe(account.refreshToken);
    expect(await me(next.access_token)).toBe(200);

    const reused = await refresh(account.refreshToken);
    expect([reused.status, reused.body]).toEqual([401, errorBody(401)]);
    expect((await refresh(next.refresh_token)).status).toBe(401);
    expect([await me(next.access_token), await me(account.token)]).toEqual([401, 401]);
    expect(await me(bob.token)).toBe(200);
  });

  it('ends a session at once on logout, and no other', async () => {
    const session = await system.login(bob.username, bob.password);
    expect((await as(session.token, 'POST', '/auth/logout')).status).toBe(200);
    expect(await me(session.token)).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(401);
    expect(await me(bob.token)).toBe(200);
  });

  it('changes a password for who knows the current one', async () => {
    const account = await system.register();
    const change = (current: string, next: string) =>
      as(account.token, 'POST', '/auth/password', { current, new: next });
    system.secrets.add('another-secret-1');
    expect((await change('wrong-password', 'another-secret-1')).status).toBe(403);
    expect((await change(account.password, 'another-secret-1')).status).toBe(200);
    const old = { username: account.username, password: account.password };
    expect((await as(undefined, 'POST', '/auth/login', old)).status).toBe(401);
    await system.login(account.username, 'another-secret-1');
  });

  it('holds a disabling and a demotion at once', async () => {
    const admin = await system.loginAdmin();
    const account = await system.register();
    const path = `/auth/users/${account.username}`;
    await as(admin.token, 'PATCH', path, { role: 'viewer' });
    expect((await as(account.token, 'POST', '/api/build/', QUICK_BUILD)).status).toBe(403);
    const disabled = await as(admin.token, 'PATCH', path, { disabled: true });
    expect(disabled.body).toMatchObject({ role: 'viewer', disabled: true });
    expect(await me(account.token)).toBe(401);
    expect((await refresh(account.refreshToken)).status).toBe(401);
  });

  it('keeps user administration to admins', async () => {
    for (const { token } of [alice, viewer]) {
      expect((await as(token, 'GET', '/auth/users/')).status).toBe(403);
      const change = await as(token, 'PATCH', `/auth/users/${alice.username}`, { role: 'admin' });
      expect(change.status).toBe(403);
    }
    const admin = await system.loginAdmin();
    const users = await as(admin.token, 'GET', '/auth/users/?limit=100');
    expect(JSON.stringify(users.body)).not.toMatch(/hash|argon/);
    expect((await as(admin.token, 'PATCH', '/auth/users/absent', {})).status).toBe(404);
    const last = await as(admin.token, 'PATCH', '/auth/users/admin', { disabled: true });
    expect([last.status, last.body]).toEqual([409, errorBody(409)]);
  });

  it('takes an API key as bearer token, within its scope, until it is deleted', async () => {
    const scope = { name: 'ci', permissions: ['build:read'] };
    const created = await as(alice.token, 'POST', '/auth/keys', scope);
    expect(created.status).toBe(201);
    const { key, ...shown } = created.body as { key: string; id: string };
    system.secrets.add(key);
    expect(shown.id).toMatch(UUID);
    const listed = await as(alice.token, 'GET', '/auth/keys');
    expect(listed.body).toEqual({ keys: [shown] });
    expect((await as(key, 'GET', `/api/build/${aliceBuild}`)).status).toBe(200);
    expect((await as(key, 'POST', '/api/build/', QUICK_BUILD)).status).toBe(403);
    expect((await as(bob.token, 'DELETE', `/auth/keys/${shown.id}`)).status).toBe(404);
    expect((await as(alice.token, 'DELETE', `/auth/keys/${shown.id}`)).status).toBe(200);
    expect(await me(key)).toBe(401);
  });

  describe('of a stream', () => {
    const closeOf = async (path: string, protocols: string[] = []) => {
      return (await new StreamWatcher(`${system.wsUrl}${path}`, protocols).closed).code;
    };

    it('closes with 4401 without a good token, 4403 for others, 4404 for no task', async () => {
      const own = `/api/ws/build/${aliceBuild}`;
      expect(await closeOf(own)).toBe(4401);
      expect(await closeOf(`${own}?token=nonsense`)).toBe(4401);
      expect(await closeOf(`${own}?token=${bob.token}`)).toBe(4403);
      expect(await closeOf(`/api/ws/build/${ID}?token=${alice.token}`)).toBe(4404);
      expect(await closeOf(`${own}?token=${viewer.token}`)).toBe(1000);
    });

    it('takes the token as a subprotocol too', async () => {
      const path = `/api/ws/build/${aliceBuild}`;
      expect(await closeOf(path, ['bearer', alice.token])).toBe(1000);
      expect(await closeOf(path, ['bearer', bob.token])).toBe(4403);
    });

    it("refuses a browser's foreign origin before the upgrade", async () => {
      const upgrade = (origin: string) =>
        system.request('GET', `/api/ws/build/${aliceBuild}?token=${alice.token}`, {
          headers: {
            Origin: origin,
            Connection: 'Upgrade',
            Upgrade: 'websocket',
            'Sec-WebSocket-Version': '13',
            'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
          },
        });
      const { status, body } = await upgrade('https://evil.example');
      expect([status, body]).toEqual([403, errorBody(403)]);
    });
  });
});

describeSystem(
  'closed registration and short tokens',
  { settings: { REGISTRATION: 'closed', JWT_EXPIRES_IN: '4s' }, deployments: ['embedded'] },
  (system) => {
    it('refuses strangers, and lets admins create users', async () => {
      const body = { username: 'stranger', password: 'long-enough' };
      const reply = await system.request('POST', '/auth/register', { body });
      expect([reply.status, reply.body]).toEqual([403, errorBody(403)]);
      const { token } = await system.accountWithRole('user');
      expect((await system.request('GET', '/auth/me', { token })).status).toBe(200);
    });

    it('ends a stream with 4401 when its token expires, and goes on with a refreshed one', async () => {
      const account = await system.accountWithRole('user');
      const id = await system.build(account.token, LONG_BUILD);
      const stream = system.watch(account.token, id);
      const { code } = await stream.closed;
      const me = await system.request('GET', '/auth/me', { token: account.token });
      expect(me.status).toBe(401);
      const body = { refresh_token: account.refreshToken };
      const refreshed = await system.request('POST', '/auth/refresh', { body });
      const token = String(refreshed.body['access_token']);
      system.secrets.add(token).add(String(refreshed.body['refresh_token']));
      const cancelled = await system.request('DELETE', `/api/build/${id}`, { token });
      // A machine on which the build ends within four seconds shows the other end of the stream.
      expect([code, cancelled.status]).toEqual(
        cancelled.status === 409 ? [1000, 409] : [4401, 200],
      );
    });
  },
);

interface Claims {
  iat: number;
}

interface Page {
  builds: { task_id: string; created_by: string }[];
}

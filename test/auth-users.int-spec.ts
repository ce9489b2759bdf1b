import { FirstAdmin } from '../src/auth/users/first-admin.js';
import { AdminReset } from '../src/auth/users/admin-reset.js';
import { UsersService } from '../src/auth/users/users.service.js';
import { ADMIN, execute, startAuthApp, type AuthApp } from './support/auth-app.js';
import { Database } from '../src/infra/database/database.js';
import { PasswordHasher } from '../src/auth/password-hasher.js';

let auth: AuthApp;
let admin: string;
beforeAll(async () => {
  auth = await startAuthApp();
  admin = (await auth.login(ADMIN.username, ADMIN.password)).access_token;
});
afterAll(() => auth.close());

const get = async (path: string, token: string) =>
  (await auth.request('GET', path, { token })).status;
const patch = (username: string, body: object, token = admin) =>
  auth.request('PATCH', `/auth/users/${username}`, { token, body });

describe('/auth/users', () => {
  it('is for administrators', async () => {
    const { access_token: token } = await auth.login('plain');
    const body = { username: 'other', password: 'a good password', role: 'admin' };
    expect(await get('/auth/users', token)).toBe(403);
    expect((await auth.request('POST', '/auth/users', { token, body })).status).toBe(403);
    expect((await patch('plain', { role: 'admin' }, token)).status).toBe(403);
  });

  it('creates users with a role and lists them by name', async () => {
    const body = { username: 'auditor', password: 'a good password', role: 'viewer' };
    expect(await auth.request('POST', '/auth/users/', { token: admin, body })).toMatchObject({
      status: 201,
      body: { username: 'auditor', role: 'viewer', permissions: ['build:read', 'analysis:read'] },
    });
    expect((await auth.request('POST', '/auth/users/', { token: admin, body })).status).toBe(409);
    const page = await auth.request('GET', '/auth/users/?limit=1&offset=1', { token: admin });
    expect(page.body).toEqual({
      total: expect.any(Number),
      limit: 1,
      offset: 1,
      users: [expect.objectContaining({ username: 'auditor' })],
    });
    expect(JSON.stringify(page.body)).not.toMatch(/hash|argon/);
  });

  it('changes what a user may do at once, for tokens already out', async () => {
    const { access_token: token } = await auth.login('changing');
    expect(await get('/probe/create', token)).toBe(200);
    expect((await patch('changing', { role: 'viewer' })).body['role']).toBe('viewer');
    expect([await get('/probe/create', token), await get('/probe/read', token)]).toEqual([
      403, 200,
    ]);
    expect((await patch('CHANGING', { role: 'user', permissions: ['build:create'] })).body).toEqual(
      expect.objectContaining({ role: 'user', permissions: ['build:create'] }),
    );
    expect([await get('/probe/create', token), await get('/probe/read', token)]).toEqual([
      200, 403,
    ]);
    await patch('changing', { permissions: null });
    expect(await get('/probe/read', token)).toBe(200);
  });

  it.each([{ disabled: true }, { password: 'a better password' }])(
    'ends all sessions on %j',
    async (change) => {
      const { access_token: token, refresh_token } = await auth.login('ended');
      expect((await patch('ended', change)).status).toBe(200);
      expect(await get('/auth/me', token)).toBe(401);
      const refreshed = await auth.request('POST', '/auth/refresh', { body: { refresh_token } });
      expect(refreshed.status).toBe(401);
      await patch('ended', { disabled: false, password: 'a good password' });
      expect(await get('/auth/me', token)).toBe(401);
    },
  );

  it.each([
    [{ role: 'root' }, 422],
    [{ role: null }, 422],
    [{ disabled: 'no' }, 422],
    [{ permissions: ['root'] }, 422],
    [{ permissions: 'build:read' }, 422],
    [{ password: 'short' }, 422],
    [{ username: 'renamed' }, 422],
    [{}, 200],
  ])('answers the change %j with %i', async (change, status) => {
    expect((await patch(ADMIN.username, change)).status).toBe(status);
  });

  it('knows no users that do not exist', async () => {
    expect((await patch('nobody', { disabled: true })).status).toBe(404);
    expect((await patch('a%00', { disabled: true })).status).toBe(400);
  });

  it('keeps the last administrator, also when two demote each other at once', async () => {
    expect((await patch(ADMIN.username, { role: 'user' })).status).toBe(409);
    expect((await patch(ADMIN.username, { disabled: true })).status).toBe(409);
    await auth.login('second');
    await patch('second', { role: 'admin' });
    // Past the guards, which one of two requests might not get through any more.
    const users = auth.app.get(UsersService);
    const results = await Promise.allSettled(
      ['second', ADMIN.username].map((username) => users.change(username, { role: 'user' })),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'conflict' },
    });
    await execute(auth, `UPDATE users SET role = 'admin' WHERE username = 'admin'`);
  });
});

describe('/auth/keys', () => {
  const create = (token: string, body: object) =>
    auth.request('POST', '/auth/keys', { token, body: { name: 'ci', ...body } });

  it('shows a key once, and lets it do what it is scoped to', async () => {
    const { access_token: token } = await auth.login('keeper');
    const { status, body } = await create(token, {
      permissions: ['build:read'],
      expires_in_days: 1,
    });
    expect([status, body]).toEqual([
      201,
      {
        id: expect.any(String),
        name: 'ci',
        permissions: ['build:read'],
        created_at: expect.any(String),
        expires_at: expect.any(String),
        last_used_at: null,
        key: expect.stringMatching(/^gsk_[\w-]{43}$/),
      },
    ]);
    const { key, ...shown } = body as Record<string, string>;
    if (!key) {
      throw new Error('no key');
    }
    expect([await get('/probe/read', key), await get('/probe/create', key)]).toEqual([200, 403]);
    const list = await auth.request('GET', '/auth/keys', { token });
    expect(list.body).toEqual({ keys: [{ ...shown, last_used_at: expect.any(String) }] });

    await patch('keeper', { permissions: ['build:create'] });
    expect([await get('/probe/read', key), await get('/probe/create', key)]).toEqual([403, 403]);
    await patch('keeper', { permissions: null, disabled: true });
    expect(await get('/probe/read', key)).toBe(401);
  });

  it('notes the last use once a minute, not on each request', async () => {
    const { access_token: token } = await auth.login('noter');
    const key = (await create(token, {})).body['key'] as string;
    const lastUse = async () => {
      await get('/probe/read', key);
      const list = await auth.request('GET', '/auth/keys', { token });
      return (list.body['keys'] as { last_used_at: string }[])[0]?.last_used_at;
    };
    const first = await lastUse();
    expect(await lastUse()).toBe(first);
    await execute(auth, `UPDATE api_keys SET last_used_at = last_used_at - interval '2 minutes'`);
    expect(Date.parse((await lastUse()) ?? '')).toBeGreaterThanOrEqual(Date.parse(first ?? ''));
  });

  it('is not looked up by a health probe', async () => {
    const { access_token: token } = await auth.login('prober');
    const key = (await create(token, {})).body['key'] as string;
    const lastUse = async (path: string) => {
      expect(await get(path, key)).toBe(200);
      const list = await auth.request('GET', '/auth/keys', { token });
      return (list.body['keys'] as { last_used_at: string | null }[])[0]?.last_used_at;
    };
    expect(await lastUse('/probe/health')).toBeNull();
    expect(await lastUse('/probe/public')).toEqual(expect.any(String));
  });

  it('does not let a key take over its account', async () => {
    const key = (await create(admin, {})).body['key'] as string;
    expect(await get('/auth/me', key)).toBe(200);
    expect(await get('/auth/users', key)).toBe(403);
    expect(await get('/auth/keys', key)).toBe(403);
    expect((await create(key, {})).status).toBe(403);
    for (const path of ['/auth/logout', '/auth/password']) {
      const body = { current: ADMIN.password, new: 'another password' };
      expect((await auth.request('POST', path, { token: key, body })).status).toBe(403);
    }
  });

  it('deletes keys of their own user only', async () => {
    const [{ access_token: owner }, { access_token: other }] = [
      await auth.login('owner'),
      await auth.login('stranger'),
    ];
    const { id, key } = (await create(owner, {})).body as Record<string, string>;
    const remove = (token: string, which = id) =>
      auth.request('DELETE', `/auth/keys/${which}`, { token });
    expect((await remove(other)).status).toBe(404);
    expect((await remove(owner, 'abc')).status).toBe(422);
    expect(await remove(owner)).toMatchObject({
      status: 200,
      body: { message: 'API key deleted' },
    });
    expect(await get('/probe/read', key ?? '')).toBe(401);
  });

  it('refuses more than the user has, and what is expired', async () => {
    const { access_token: token } = await auth.login('narrow');
    await patch('narrow', { role: 'viewer' });
    expect((await create(token, { permissions: ['build:create'] })).status).toBe(403);
    expect((await create(token, { expires_in_days: 0 })).status).toBe(422);
    expect((await create(token, { name: '' })).status).toBe(422);
    const key = (await create(token, { expires_in_days: 1 })).body['key'] as string;
    expect(await get('/probe/read', key)).toBe(200);
    await execute(auth, `UPDATE api_keys SET expires_at = now() WHERE username = 'narrow'`);
    expect(await get('/probe/read', key)).toBe(401);
  });
});

describe(FirstAdmin.name, () => {
  it('creates one administrator, whoever starts at once, and shows a generated password', async () => {
    await execute(auth, `UPDATE users SET role = 'user'`);
    auth.config.auth.adminUsername = 'chief';
    auth.config.auth.adminPassword = undefined;
    const firstAdmin = auth.app.get(FirstAdmin);
    const made = await Promise.all(Array.from({ length: 4 }, () => firstAdmin.createFirstAdmin()));
    const [created, ...others] = made.filter((result) => result !== null);
    expect(others).toEqual([]);
    expect(created).toEqual({ username: 'chief', password: expect.stringMatching(/^[\w-]{27}$/) });
    await expect(auth.login('chief', created?.password)).resolves.toBeDefined();
    await expect(firstAdmin.createFirstAdmin()).resolves.toBeNull();
  });
});

describe(AdminReset.name, () => {
  it('gives a user a new password and every right, and ends what was out', async () => {
    const { access_token: token } = await auth.login('lost');
    const key = (await auth.request('POST', '/auth/keys', { token, body: { name: 'ci' } })).body[
      'key'
    ];
    await execute(
      auth,
      `UPDATE users SET disabled = true, role = 'viewer' WHERE username = 'lost'`,
    );
    const reset = await adminReset(auth).resetAdmin('LOST');
    expect(reset.username).toBe('lost');
    expect([await get('/auth/me', token), await get('/auth/me', String(key))]).toEqual([401, 401]);
    const { access_token } = await auth.login('lost', reset.password);
    expect(await get('/auth/users', access_token)).toBe(200);
  });

  it('names no user that does not exist', async () => {
    await expect(adminReset(auth).resetAdmin('nobody')).rejects.toThrow('no user');
  });
});

/** As `npm run admin:reset` makes it, without an application. */
function adminReset(auth: AuthApp): AdminReset {
  return new AdminReset(auth.app.get(Database), new PasswordHasher());
}

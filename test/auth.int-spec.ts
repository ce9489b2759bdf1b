import { ADMIN, execute, startAuthApp, type AuthApp } from './support/auth-app.js';

const password = 'a good password';
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let auth: AuthApp;
beforeAll(async () => (auth = await startAuthApp()));
afterAll(() => auth.close());

const me = async (token: string) => (await auth.request('GET', '/auth/me', { token })).status;
const refresh = (refresh_token: string) =>
  auth.request('POST', '/auth/refresh', { body: { refresh_token } });
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;

describe('POST /auth/register', () => {
  it('creates a user with the role user', async () => {
    const body = { username: 'Registered', password };
    const answer = await auth.request('POST', '/auth/register', { body });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        username: 'Registered',
        role: 'user',
        permissions: [
          'build:create',
          'build:read',
          'build:cancel',
          'analysis:create',
          'analysis:read',
        ],
        disabled: false,
        created_at: expect.stringMatching(TIMESTAMP),
      },
    });
    expect(Object.keys(answer.body)).toHaveLength(5);
  });

  it('refuses a name that is taken, in whatever case, also by somebody at the same moment', async () => {
    const names = ['twin', 'TWIN', 'Twin', 'tWin'];
    const answers = await Promise.all(
      names.map((username) =>
        auth.request('POST', '/auth/register', { body: { username, password } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it.each([
    [{ username: 'al', password }, ['username']],
    [{ username: 'a b c', password }, ['username']],
    [{ username: 'alice', password: 'short' }, ['password']],
    [{ username: 'alice', password: 'x'.repeat(129) }, ['password']],
    [{ username: 'mallory', password, role: 'admin' }, ['role']],
    [{}, ['username', 'password']],
  ])('refuses %j', async (body, fields) => {
    const answer = await auth.request('POST', '/auth/register', { body });
    expect([answer.status, answer.body['error']]).toEqual([422, 'validation_error']);
    const errors = answer.body['errors'] as { field: string }[];
    expect(errors.map(({ field }) => field)).toEqual(fields);
  });
});

describe('POST /auth/login', () => {
  it('gives tokens with the documented claims, by name in any case', async () => {
    await auth.login('Claire');
    const answer = await auth.request('POST', '/auth/login', {
      body: { username: 'claire', password },
    });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: 86_400,
        refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      },
    });
    const claims = claimsOf(answer.body['access_token'] as string);
    expect(claims).toEqual({
      sub: 'Claire',
      role: 'user',
      permissions: expect.arrayContaining(['build:create']),
      iat: expect.any(Number),
      exp: (claims['iat'] as number) + 86_400,
      jti: expect.any(String),
    });
  });

  it('answers unknown user, wrong password and disabled account alike', async () => {
    await auth.login('disabled');
    await execute(auth, `UPDATE users SET disabled = true WHERE username = 'disabled'`);
    const bodies = [
      { username: 'nobody', password },
      { username: ADMIN.username, password },
      { username: 'disabled', password },
      { username: '§', password },
    ];
    for (const body of bodies) {
      const answer = await auth.request('POST', '/auth/login', { body });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(answer.body).toEqual({
        error: 'unauthorized',
        detail: 'Wrong username or password',
        status_code: 401,
        timestamp: expect.stringMatching(TIMESTAMP),
      });
    }
  });

  it('takes as long for an unknown user as for a wrong password', async () => {
    const times: Record<string, number[]> = { nobody: [], [ADMIN.username]: [] };
    for (let round = 0; round < 11; round++) {
      for (const [username, taken] of Object.entries(times)) {
        const start = performance.now();
        await auth.request('POST', '/auth/login', { body: { username, password } });
        taken.push(performance.now() - start);
      }
    }
    // The least of each: whatever else runs here only adds. Without the hash it would be a tenth.
    const [a = 0, b = 0] = Object.values(times).map((taken) => Math.min(...taken));
    expect(Math.max(a, b) / Math.min(a, b)).toBeLessThan(3);
  });

  it('sweeps away sessions that ended', async () => {
    await auth.login('sweeper');
    await execute(auth, `UPDATE sessions SET expires_at = now() WHERE username = 'sweeper'`);
    await auth.login('sweeper');
    expect(await execute(auth, `SELECT id FROM sessions WHERE username = 'sweeper'`)).toHaveLength(
      1,
    );
  });
});

describe('a server with RATE_LIMIT_LOGIN', () => {
  it('refuses further guesses at an account, in whatever form, and no other account', async () => {
    const limited = await startAuthApp({ RATE_LIMIT_LOGIN: '3' });
    try {
      const { access_token: token } = await limited.login('target');
      await limited.login('neighbour');
      const guess = (username = 'target') =>
        limited.request('POST', '/auth/login', { body: { username, password: 'a wrong one' } });
      const statuses = [await guess(), await guess('TARGET'), await guess(), await guess()].map(
        ({ status }) => status,
      );
      expect(statuses).toEqual([401, 401, 401, 429]);
      const body = { current: 'a wrong one', new: 'a better password' };
      expect((await limited.request('POST', '/auth/password', { token, body })).status).toBe(429);
      await expect(limited.login('target')).rejects.toThrow('429');
      await expect(limited.login('neighbour')).resolves.toBeDefined();
    } finally {
      await limited.close();
    }
  });
});

describe('a server with REGISTRATION=closed', () => {
  it('admits no strangers', async () => {
    const closed = await startAuthApp({ REGISTRATION: 'closed' });
    try {
      const body = { username: 'stranger', password };
      expect(await closed.request('POST', '/auth/register', { body })).toMatchObject({
        status: 403,
        body: { error: 'forbidden' },
      });
    } finally {
      await closed.close();
    }
  });
});

describe('POST /auth/logout', () => {
  it('ends this session at once, and no other', async () => {
    const [here, there] = [await auth.login('leaver'), await auth.login('leaver')];
    const answer = await auth.request('POST', '/auth/logout', { token: here.access_token });
    expect(answer).toMatchObject({ status: 200, body: { message: 'Logged out' } });
    expect(await me(here.access_token)).toBe(401);
    expect((await refresh(here.refresh_token)).status).toBe(401);
    expect(await me(there.access_token)).toBe(200);
  });
});

describe('POST /auth/password', () => {
  it('needs the current one, and ends the other sessions', async () => {
    const [here, there] = [await auth.login('changer'), await auth.login('changer')];
    const change = (current: string) =>
      auth.request('POST', '/auth/password', {
        token: here.access_token,
        body: { current, new: 'a better password' },
      });
    expect(await change('a wrong one')).toMatchObject({
      status: 403,
      body: { error: 'forbidden' },
    });
    expect((await change(password)).status).toBe(200);
    expect([await me(here.access_token), await me(there.access_token)]).toEqual([200, 401]);
    await expect(auth.login('changer', 'a better password')).resolves.toBeDefined();
    await expect(auth.login('changer')).rejects.toThrow('401');
  });

  it.each([
    ['ends the API keys made before it', {}, 401],
    ['leaves them where its user wants so', { revoke_api_keys: false }, 200],
  ])('%s', async (_, options, status) => {
    const { access_token: token } = await auth.login('keyholder');
    const made = await auth.request('POST', '/auth/keys', { token, body: { name: 'ci' } });
    const { key } = made.body as { key: string };
    expect(await me(key)).toBe(200);
    const body = { current: password, new: password, ...options };
    expect((await auth.request('POST', '/auth/password', { token, body })).status).toBe(200);
    expect(await me(key)).toBe(status);
  });
});

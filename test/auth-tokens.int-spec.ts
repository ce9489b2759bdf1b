import { createHmac } from 'node:crypto';
import {
  ADMIN,
  execute,
  JWT_SECRET,
  startAuthApp,
  type AuthApp,
  type Tokens,
} from './support/auth-app.js';

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

describe('POST /auth/refresh', () => {
  it('exchanges a token once; a second use ends the session with its access tokens', async () => {
    const first = await auth.login('rotator');
    const other = await auth.login('rotator');
    const second = await refresh(first.refresh_token);
    expect(second.status).toBe(200);
    const tokens = second.body as Tokens;
    expect([await me(first.access_token), await me(tokens.access_token)]).toEqual([200, 200]);

    expect(await refresh(first.refresh_token)).toMatchObject({
      status: 401,
      body: { error: 'unauthorized' },
    });
    expect([await me(first.access_token), await me(tokens.access_token)]).toEqual([401, 401]);
    expect((await refresh(tokens.refresh_token)).status).toBe(401);
    expect(await me(other.access_token)).toBe(200);
  });

  it('lets one of many at once win, and ends the session', async () => {
    const { refresh_token } = await auth.login('racer');
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(refresh_token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
    const winner = answers.find(({ status }) => status === 200)?.body as Tokens;
    expect(await me(winner.access_token)).toBe(401);
  });

  it('refuses unknown and expired tokens, without ending the session of the latter', async () => {
    const { access_token, refresh_token } = await auth.login('late');
    await execute(
      auth,
      `UPDATE refresh_tokens SET expires_at = now()
       WHERE session_id IN (SELECT id FROM sessions WHERE username = 'late')`,
    );
    expect((await refresh(refresh_token)).status).toBe(401);
    expect((await refresh('unknown')).status).toBe(401);
    expect(await me(access_token)).toBe(200);
  });
});

describe('a token', () => {
  const sign = (header: object, payload: object, secret = JWT_SECRET, hash = 'sha256') => {
    const text = [header, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
  };
  const header = { alg: 'HS256', typ: 'JWT' };

  it('holds in the form that is issued, and in no other', async () => {
    const claims = claimsOf((await auth.login('forged')).access_token);
    expect(await me(sign(header, claims))).toBe(200);
    const forged: Record<string, string> = {
      'none as algorithm': sign({ alg: 'none' }, claims).replace(/[^.]*$/, ''),
      'another algorithm': sign({ ...header, alg: 'HS512' }, claims, JWT_SECRET, 'sha512'),
      'another key': sign(header, claims, 'x'.repeat(32)),
      'critical extension': sign({ ...header, crit: ['x'], x: 1 }, claims),
      'no end': sign(header, { ...claims, exp: undefined }),
      expired: sign(header, { ...claims, exp: 1_707_200_400 }),
      'object as subject': sign(header, { ...claims, sub: { toString: 'forged' } }),
      'another subject': sign(header, { ...claims, sub: ADMIN.username }),
      audience: sign(header, { ...claims, aud: 'others' }),
      'unknown session': sign(header, {
        ...claims,
        jti: '550e8400-e29b-41d4-a716-446655440000.abcdefghijkl',
      }),
      'too long': sign({ ...header, kid: 'x'.repeat(4096) }, claims),
      text: 'abc',
    };
    for (const [name, token] of Object.entries(forged)) {
      const answer = await auth.request('GET', '/auth/me', { token });
      expect([name, answer.status, answer.headers.get('www-authenticate')]).toEqual([
        name,
        401,
        'Bearer error="invalid_token"',
      ]);
    }
  });

  it('is asked for everywhere but on public routes, where a bad one does no harm', async () => {
    const none = await auth.request('GET', '/probe/read');
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const basic = { authorization: 'Basic YWxpY2U6cGFzcw==' };
    expect((await auth.request('GET', '/probe/read', { headers: basic })).status).toBe(401);
    expect((await auth.request('GET', '/probe/public')).status).toBe(200);
    expect((await auth.request('GET', '/probe/public', { token: 'bad' })).status).toBe(200);
  });

  it('is not called bad when the database can not be asked; public routes go on', async () => {
    const other = await startAuthApp();
    try {
      const { access_token: token } = await other.login('patient');
      await execute(other, 'ALTER TABLE sessions RENAME TO lost');
      expect((await other.request('GET', '/probe/read', { token })).status).toBe(500);
      expect((await other.request('GET', '/probe/public', { token })).status).toBe(200);
    } finally {
      await other.close();
    }
  });
});

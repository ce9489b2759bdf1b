import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { describeSecurity } from '../support/security-suite.js';
import { errorBody } from '../support/system-shapes.js';
import type { Account } from '../support/system-client.js';

const SECRET = 'only-the-token-suite-knows-this-0123456789';
const NOW = Math.floor(Date.now() / 1_000);
const HS256 = { alg: 'HS256', typ: 'JWT' };
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString();

type Claims = Record<string, unknown>;

describeSecurity('tokens', { JWT_SECRET: SECRET }, (system) => {
  let alice: Account;
  let claims: Claims;

  beforeAll(async () => {
    alice = await system.register('alice');
    claims = JSON.parse(
      Buffer.from(alice.token.split('.')[1] ?? '', 'base64url').toString(),
    ) as Claims;
  });

  const me = (token: string) => system.request('GET', '/auth/me', { token });
  const refresh = (token: string) =>
    system.request<{ access_token: string }>('POST', '/auth/refresh', {
      body: { refresh_token: token },
    });

  it('API2:2023 the forgery of this suite is as good as the real thing, but for what each case changes', async () => {
    expect((await me(sign(HS256, claims))).status).toBe(200);
  });

  const forged: [string, (claims: Claims) => string][] = [
    ['alg none', (all) => unsigned({ alg: 'none', typ: 'JWT' }, all)],
    ['alg None', (all) => unsigned({ alg: 'None' }, all)],
    ['no signature', (all) => unsigned(HS256, all)],
    ['no alg', (all) => sign({ typ: 'JWT' }, all)],
    ['HS512 with the right key', (all) => sign({ alg: 'HS512' }, all, SECRET, 'sha512')],
    ['HS384 with the right key', (all) => sign({ alg: 'HS384' }, all, SECRET, 'sha384')],
    ['RS256 with a key of its own', (all) => signRsa({ alg: 'RS256' }, all)],
    [
      'RS256 with its key in the header',
      (all) => signRsa({ alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) }, all),
    ],
    ['HS256 with a public key', (all) => sign(HS256, all, PEM)],
    ['jku', (all) => sign({ ...HS256, jku: 'http://127.0.0.1:1/keys' }, all)],
    ['x5u', (all) => sign({ ...HS256, x5u: 'http://127.0.0.1:1/keys' }, all)],
    ['kid of an empty file', (all) => sign({ ...HS256, kid: '../../../../../dev/null' }, all, '')],
    ['kid with SQL', (all) => sign({ ...HS256, kid: "x' UNION SELECT 'key" }, all, 'key')],
    ['kid with a command', (all) => sign({ ...HS256, kid: '|id' }, all)],
    ['crit', (all) => sign({ ...HS256, crit: ['b64'], b64: false }, all)],
    ['typ of another use', (all) => sign({ ...HS256, typ: 'refresh+jwt' }, all)],
    ['an empty key', (all) => sign(HS256, all, '')],
    ['a guessed key', (all) => sign(HS256, all, 'secret')],
    ['foreign iss', (all) => sign(HS256, { ...all, iss: 'https://evil.example' })],
    ['foreign aud', (all) => sign(HS256, { ...all, aud: 'another-service' })],
    ['expired', (all) => sign(HS256, { ...all, iat: NOW - 100, exp: NOW - 10 })],
    ['nbf in the future', (all) => sign(HS256, { ...all, nbf: NOW + 1_000 })],
    ['no exp', ({ exp: _, ...rest }) => sign(HS256, rest)],
    ['exp as text', (all) => sign(HS256, { ...all, exp: '9999999999' })],
    ['exp without end', (all) => sign(HS256, { ...all, exp: 1e308 })],
    ['another sub', (all) => sign(HS256, { ...all, sub: 'admin' })],
    ['sub as a list', (all) => sign(HS256, { ...all, sub: ['alice'] })],
    ['sub as an object', (all) => sign(HS256, { ...all, sub: { $ne: null } })],
    [
      'another session',
      (all) => sign(HS256, { ...all, jti: '00000000-0000-4000-8000-000000000000.abcdefghijkl' }),
    ],
    ['jti with SQL', (all) => sign(HS256, { ...all, jti: "' OR 1=1 --" })],
    ['a role that there is not', (all) => sign(HS256, { ...all, role: 'root' })],
    ['claims as a list', (all) => sign(HS256, [all])],
    ['huge', (all) => sign(HS256, { ...all, sub: 'a'.repeat(6_000) })],
    ['four parts', (all) => `${sign(HS256, all)}.x`],
    ['a tail', (all) => `${sign(HS256, all)}A`],
  ];

  it.each(forged)('API2:2023 ASVS 3.5.3 refuses a token with %s', async (_, forge) => {
    const reply = await me(forge(claims));
    expect([reply.status, reply.body]).toEqual([401, errorBody(401)]);
    expect(reply.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  });

  it('API2:2023 a token larger than any header is refused before it is looked at', async () => {
    const reply = await me('a'.repeat(100_000));
    expect([reply.status, reply.body]).toEqual([400, errorBody(400)]);
  });

  it('API5:2023 a role in the claims opens nothing that the database does not', async () => {
    const reply = await system.request('GET', '/auth/users', {
      token: sign(HS256, { ...claims, role: 'admin' }),
    });
    expect(reply.status).toBe(403);
  });

  it.each(['access_token', 'token'])(
    'ASVS 3.1.1 a token in the query (%s) of a request counts for nothing',
    async (name) => {
      expect((await system.request('GET', `/auth/me?${name}=${alice.token}`)).status).toBe(401);
    },
  );

  it('ASVS 3.5.2 a cookie counts for nothing, so there is no request to forge across sites', async () => {
    const headers = { Cookie: `access_token=${alice.token}; token=${alice.token}` };
    expect((await system.request('GET', '/auth/me', { headers })).status).toBe(401);
  });

  it('ASVS 3.3.1 logging out ends the access token and the refresh token', async () => {
    const { token, refreshToken } = await system.login(alice.username, alice.password);
    expect((await system.request('POST', '/auth/logout', { token })).status).toBe(200);
    expect([(await me(token)).status, (await refresh(refreshToken)).status]).toEqual([401, 401]);
    expect((await me(alice.token)).status).toBe(200);
  });

  it('ASVS 3.3.3 a new password ends all other sessions', async () => {
    const bob = await system.register('bob');
    const other = await system.login('bob', bob.password);
    const body = { current: bob.password, new: 'another-secret-of-bob' };
    system.secrets.add(body.new);
    expect(
      (await system.request('POST', '/auth/password', { token: bob.token, body })).status,
    ).toBe(200);
    expect([(await me(other.token)).status, (await refresh(other.refreshToken)).status]).toEqual([
      401, 401,
    ]);
  });

  it('ASVS 3.3.4 disabling ends every token, a changed role holds at once', async () => {
    const carol = await system.register('carol');
    const { token } = await system.loginAdmin();
    const change = (body: object) => system.request('PATCH', '/auth/users/carol', { token, body });
    const build = { token: carol.token, body: { project_name: 'p', goal: 'Xyzzy' } };
    await change({ role: 'viewer' });
    expect((await system.request('POST', '/api/build', build)).status).toBe(403);
    await change({ disabled: true });
    expect([(await me(carol.token)).status, (await refresh(carol.refreshToken)).status]).toEqual([
      401, 401,
    ]);
    await change({ disabled: false });
    expect([(await me(carol.token)).status, (await refresh(carol.refreshToken)).status]).toEqual([
      401, 401,
    ]);
  });

  it('ASVS 3.5.1 a refresh token used twice ends its whole family', async () => {
    const { refreshToken } = await system.login(alice.username, alice.password);
    const first = await refresh(refreshToken);
    expect(first.status).toBe(200);
    const fresh = first.body.access_token;
    system.secrets.add(fresh);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await me(fresh)).status).toBe(401);
  });

  it('ASVS 3.5.1 of ten uses at once at most one wins', async () => {
    const { refreshToken } = await system.login(alice.username, alice.password);
    const replies = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)));
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
    expect(new Set(statuses.filter((status) => status !== 200))).toEqual(new Set([401]));
  });

  it('API2:2023 an access token is no refresh token, and a refresh token no access token', async () => {
    expect((await me(alice.refreshToken)).status).toBe(401);
    expect([401, 422]).toContain((await refresh(alice.token)).status);
  });
});

function sign(header: object, payload: unknown, key = SECRET, hash = 'sha256'): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`;
}

function signRsa(header: object, payload: unknown): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
}

function unsigned(header: object, payload: unknown): string {
  return `${encode(header)}.${encode(payload)}.`;
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

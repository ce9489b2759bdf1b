import { decodeJwt, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { tokenPairSchema } from '../src/auth/auth-schemas.js';
import { bearer, disable, getMe, logIn, newName, refresh, signUp, toTokens } from './accounts.js';
import { useService } from './client.js';
import { TEST_ENVIRONMENT } from './test-settings.js';

describe('a refresh token', () => {
  const client = useService();

  test('gives a new pair', async () => {
    const tokens = await signUp(client);

    const answer = await refresh(client, tokens.refresh);

    expect(answer.status).toBe(200);
    expect(toTokens(answer).refresh).not.toBe(tokens.refresh);
    expect((await getMe(client, toTokens(answer).access)).status).toBe(200);
  });

  test('can be renewed again and again', async () => {
    let token = (await signUp(client)).refresh;

    for (let round = 0; round < 3; round += 1) {
      const answer = await refresh(client, token);
      expect(answer.status).toBe(200);
      token = tokenPairSchema.parse(answer.body).refresh_token;
    }
  });

  test('that is used twice ends its session', async () => {
    const stolen = (await signUp(client)).refresh;
    const successor = toTokens(await refresh(client, stolen));

    expect((await refresh(client, stolen)).status).toBe(401);
    expect((await refresh(client, successor.refresh)).status).toBe(401);
    expect((await getMe(client, successor.access)).status).toBe(401);
  });

  test('that two use at the same moment serves one at most', async () => {
    const token = (await signUp(client)).refresh;

    const answers = await Promise.all([refresh(client, token), refresh(client, token)]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  test("that is stolen leaves the user's other sessions alone", async () => {
    const name = newName();
    const stolen = (await signUp(client, name)).refresh;
    const other = await logIn(client, name);
    await refresh(client, stolen);
    await refresh(client, stolen);

    expect((await refresh(client, other.refresh)).status).toBe(200);
  });

  test('is not an access token', async () => {
    const tokens = await signUp(client);

    expect((await refresh(client, tokens.access)).status).toBe(401);
    expect((await refresh(client, tokens.refresh)).status).toBe(200);
  });

  test('that has expired is refused', async () => {
    const claims = decodeJwt((await signUp(client)).refresh);
    const expired = await new SignJWT({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(TEST_ENVIRONMENT['JWT_SECRET']));

    expect((await refresh(client, expired)).status).toBe(401);
  });

  test('lives as long as the settings say', async () => {
    const { exp = 0, iat = 0 } = decodeJwt((await signUp(client)).refresh);

    expect(exp - iat).toBe(14 * 24 * 3600);
  });

  test('of a disabled user is refused', async () => {
    const name = newName();
    const tokens = await signUp(client, name);
    await disable(client, name);

    expect((await refresh(client, tokens.refresh)).status).toBe(403);
  });

  test.each(['x'.repeat(4_097), 7])('that can be none is refused: %.9s', async (token) => {
    const answer = await client.post('/auth/refresh', { json: { refresh_token: token } });

    expect(answer.status).toBe(422);
  });
});

describe('logout', () => {
  const client = useService();

  test("voids the session's tokens", async () => {
    const tokens = await signUp(client);

    const answer = await client.post('/auth/logout', { headers: tokens.headers });

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await getMe(client, tokens.access)).status).toBe(401);
    expect((await refresh(client, tokens.refresh)).status).toBe(401);
  });

  test('leaves other sessions alone', async () => {
    const name = newName();
    const tokens = await signUp(client, name);
    const other = await logIn(client, name);
    await client.post('/auth/logout', { headers: tokens.headers });

    expect((await getMe(client, other.access)).status).toBe(200);
  });

  test('needs a token', async () => {
    expect((await client.post('/auth/logout')).status).toBe(401);
    expect((await client.post('/auth/logout', { headers: bearer('x') })).status).toBe(401);
  });
});

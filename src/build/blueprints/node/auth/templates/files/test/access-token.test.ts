import { createHmac, randomUUID } from 'node:crypto';
import { decodeJwt, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { disable, getMe, newName, signUp } from './accounts.js';
import { useService } from './client.js';
import { TEST_ENVIRONMENT } from './test-settings.js';

const SECRET = TEST_ENVIRONMENT['JWT_SECRET'] ?? '';

function sign(claims: JWTPayload, { secret = SECRET, alg = 'HS256' } = {}): Promise<string> {
  const key = new TextEncoder().encode(secret);
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

describe('an access token', () => {
  const client = useService();

  async function expectRefused(token: string): Promise<void> {
    const answer = await getMe(client, token);

    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(answer.body).toMatchObject({ detail: 'The token is not valid' });
  }

  async function claimsOfSomebody(): Promise<JWTPayload> {
    return decodeJwt((await signUp(client)).access);
  }

  test('shows the caller', async () => {
    const name = newName();
    const { access } = await signUp(client, name);

    const answer = await getMe(client, access);

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ username: name });
  });

  test('is asked for where it is missing', async () => {
    const answer = await client.get('/auth/me');

    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test.each(['Basic cm9vdDpyb290', 'Bearer', 'Bearer a b'])('is not %j', async (authorization) => {
    const answer = await client.get('/auth/me', { headers: { Authorization: authorization } });

    expect(answer.status).toBe(401);
  });

  test.each(['x', 'a.b.c', '['.repeat(5_000), `${encode({ alg: 'HS256' })}..`])(
    'that is nonsense is refused: %.20s',
    async (token) => {
      await expectRefused(token);
    },
  );

  test('that has expired is refused', async () => {
    const exp = Math.floor(Date.now() / 1000) - 1;

    await expectRefused(await sign({ ...(await claimsOfSomebody()), exp }));
  });

  test('that another key has signed is refused', async () => {
    const secret = 'another key of more than thirty-two bytes';

    await expectRefused(await sign(await claimsOfSomebody(), { secret }));
  });

  test('that was changed after signing is refused', async () => {
    const { access } = await signUp(client);
    const [header = '', , signature = ''] = access.split('.');
    const claims = { ...decodeJwt(access), sub: randomUUID() };

    await expectRefused(`${header}.${encode(claims)}.${signature}`);
  });

  test.each(['none', 'None', 'NONE'])('with the algorithm %s is refused', async (alg) => {
    await expectRefused(`${encode({ alg })}.${encode(await claimsOfSomebody())}.`);
  });

  test('with another algorithm and the right key is refused', async () => {
    await expectRefused(await sign(await claimsOfSomebody(), { alg: 'HS512' }));
  });

  test('signed by hand with the right key is accepted', async () => {
    const signed = `${encode({ alg: 'HS256' })}.${encode(await claimsOfSomebody())}`;
    const signature = createHmac('sha256', SECRET).update(signed).digest('base64url');

    expect((await getMe(client, `${signed}.${signature}`)).status).toBe(200);
  });

  test.each(['iss', 'aud', 'sub', 'sid', 'jti', 'use', 'iat', 'exp'])(
    'without the claim %s is refused',
    async (claim) => {
      await expectRefused(await sign({ ...(await claimsOfSomebody()), [claim]: undefined }));
    },
  );

  test.each([
    { iss: 'somebody else' },
    { aud: 'another service' },
    { sub: 'no uuid' },
    { sub: randomUUID() },
    { sid: randomUUID() },
  ])('with a wrong claim is refused: %j', async (change) => {
    await expectRefused(await sign({ ...(await claimsOfSomebody()), ...change }));
  });

  test("of one user's session does not serve another", async () => {
    const [one, other] = [await claimsOfSomebody(), await claimsOfSomebody()];

    await expectRefused(await sign({ ...one, sub: other.sub ?? '' }));
  });

  test('is no refresh token', async () => {
    await expectRefused((await signUp(client)).refresh);
  });

  test('ends to count when the account is disabled', async () => {
    const name = newName();
    const { access } = await signUp(client, name);
    await disable(client, name);

    const answer = await getMe(client, access);

    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ detail: 'This account is disabled' });
  });
});

import { describe, expect, test } from 'vitest';
import { getMe, logIn, newName, PASSWORD, register } from './accounts.js';
import { useService } from './client.js';

describe('registration', () => {
  const client = useService();

  test('creates an active ordinary user, in lower case', async () => {
    const answer = await register(client, 'Ada');

    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.any(String) as string,
      username: 'ada',
      role: 'user',
      is_active: true,
      created_at: expect.any(String) as string,
    });
  });

  test('lets nobody choose a role', async () => {
    const json = { username: newName(), password: PASSWORD, role: 'admin' };
    const answer = await client.post('/auth/register', { json });

    expect(answer.body).toMatchObject({ role: 'user' });
  });

  test('refuses a name that is taken, whatever its case', async () => {
    await register(client, 'grace');

    const answer = await register(client, 'GRACE');

    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ detail: 'This username is taken' });
  });

  test.each([8, 128])('takes a password of %i characters', async (length) => {
    const name = newName();
    const password = 'p'.repeat(length);

    expect((await register(client, name, password)).status).toBe(201);
    const { access } = await logIn(client, name, password);
    expect((await getMe(client, access)).status).toBe(200);
  });

  test.each([7, 129, 50_000])('refuses a password of %i characters', async (length) => {
    const answer = await register(client, newName(), 'p'.repeat(length));

    expect(answer.status).toBe(422);
    expect(answer.body).toHaveProperty(['errors', 'body.password']);
  });

  test('does not echo a refused password', async () => {
    const answer = await register(client, '!', 'my-secret-password');

    expect(answer.status).toBe(422);
    expect(answer.text).not.toContain('my-secret-password');
  });

  test.each(['ab', 'a'.repeat(65), '-ada', 'ada lovelace', 'ada\0', 'ада', '__proto__'])(
    'refuses the name %j',
    async (username) => {
      const answer = await register(client, username);

      expect(answer.status).toBe(422);
      expect(answer.body).toHaveProperty(['errors', 'body.username']);
    },
  );

  test('refuses text that is no Unicode', async () => {
    const text = '{"username": "unicode", "password": "\\ud800 correct horse"}';
    const headers = { 'Content-Type': 'application/json' };

    expect((await client.post('/auth/register', { text, headers })).status).toBe(422);
  });

  test('refuses a body of megabytes', async () => {
    expect((await register(client, newName(), 'p'.repeat(2_000_000))).status).toBe(413);
  });
});

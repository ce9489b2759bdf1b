import { beforeAll, describe, expect, test } from 'vitest';
import { userListSchema } from '../src/users/user-schemas.js';
import {
  getMe,
  logIn,
  logInAsAdmin,
  newName,
  postLogin,
  refresh,
  register,
  signUp,
} from './accounts.js';
import { type Answer, useService } from './client.js';

describe('an administrator', () => {
  const client = useService();
  let headers: Record<string, string>;

  beforeAll(async () => {
    ({ headers } = await logInAsAdmin(client));
  });

  function change(username: string, json: object): Promise<Answer> {
    return client.patch(`/users/${username}`, { json, headers });
  }

  test('lists users by name and page', async () => {
    await register(client, 'zoe');
    await register(client, 'abe');

    const all = userListSchema.parse((await client.get('/users', { headers })).body);
    const page = await client.get('/users?limit=1&offset=1', { headers });

    const names = all.map(({ username }) => username);
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(expect.arrayContaining(['abe', 'root', 'zoe']));
    expect(page.body).toEqual(all.slice(1, 2));
  });

  test.each(['limit=0', 'limit=101', 'offset=-1', 'limit=many'])(
    'can not list with %s',
    async (query) => {
      const answer = await client.get(`/users?${query}`, { headers });

      expect(answer.status).toBe(422);
      expect(answer.body).toHaveProperty(['errors', `query.${query.split('=')[0]}`]);
    },
  );

  test('gives a role that holds at once', async () => {
    const name = newName();
    const tokens = await signUp(client, name);

    const answer = await change(name, { role: 'admin' });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ role: 'admin', is_active: true });
    expect((await client.get('/users', { headers: tokens.headers })).status).toBe(200);
  });

  test('ends the sessions of a disabled user for good', async () => {
    const name = newName();
    const tokens = await signUp(client, name);

    await change(name, { is_active: false });
    expect((await postLogin(client, name)).status).toBe(403);
    await change(name, { is_active: true });

    expect((await getMe(client, tokens.access)).status).toBe(401);
    expect((await refresh(client, tokens.refresh)).status).toBe(401);
    expect((await getMe(client, (await logIn(client, name)).access)).status).toBe(200);
  });

  test('can not be locked out by a change of their own', async () => {
    expect((await change('root', { is_active: false })).status).toBe(409);
    expect((await client.get('/users', { headers })).status).toBe(200);
  });

  test('can not change an unknown user', async () => {
    expect((await change('nobody', {})).status).toBe(404);
  });

  test.each([{ role: 'king' }, { is_active: 'yes' }, { active: false }])(
    'can not change %j',
    async (json) => {
      const name = newName();
      await register(client, name);

      expect((await change(name, json)).status).toBe(422);
    },
  );
});

describe('anybody else', () => {
  const client = useService();

  test('with the role user may not', async () => {
    const { headers } = await signUp(client);

    const answers = [
      await client.get('/users', { headers }),
      await client.patch('/users/root', { json: { role: 'user' }, headers }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(answers[0]?.body).toMatchObject({ detail: "Your role doesn't allow this" });
  });

  test('without a token may not', async () => {
    expect((await client.get('/users')).status).toBe(401);
    expect((await client.patch('/users/root', { json: {} })).status).toBe(401);
  });
});

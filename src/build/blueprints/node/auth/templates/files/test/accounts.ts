import { tokenPairSchema } from '../src/auth/auth-schemas.js';
import type { Answer, Client } from './client.js';
import { TEST_ENVIRONMENT } from './test-settings.js';

export const PASSWORD = 'correct horse battery';

export interface Tokens {
  access: string;
  refresh: string;
  headers: Record<string, string>;
}

let count = 0;

/** Each account has a name of its own: the tests of a file share one service. */
export function newName(): string {
  count += 1;
  return `user-${count}`;
}

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

export function register(client: Client, username: string, password = PASSWORD): Promise<Answer> {
  return client.post('/auth/register', { json: { username, password } });
}

export function postLogin(client: Client, username: string, password = PASSWORD): Promise<Answer> {
  return client.post('/auth/login', { json: { username, password } });
}

export async function logIn(
  client: Client,
  username: string,
  password = PASSWORD,
): Promise<Tokens> {
  return toTokens(await postLogin(client, username, password));
}

/** Registers and logs in. */
export async function signUp(client: Client, username = newName()): Promise<Tokens> {
  await register(client, username);
  return logIn(client, username);
}

export function logInAsAdmin(client: Client): Promise<Tokens> {
  return logIn(client, 'root', TEST_ENVIRONMENT['ADMIN_PASSWORD']);
}

export function refresh(client: Client, token: string): Promise<Answer> {
  return client.post('/auth/refresh', { json: { refresh_token: token } });
}

export function getMe(client: Client, token: string): Promise<Answer> {
  return client.get('/auth/me', { headers: bearer(token) });
}

export async function disable(client: Client, username: string): Promise<void> {
  const { headers } = await logInAsAdmin(client);
  await client.patch(`/users/${username}`, { json: { is_active: false }, headers });
}

export function toTokens({ body }: Answer): Tokens {
  const { access_token: access, refresh_token } = tokenPairSchema.parse(body);
  return { access, refresh: refresh_token, headers: bearer(access) };
}

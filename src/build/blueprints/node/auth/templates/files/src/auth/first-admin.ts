import { ProblemError } from '../problems.js';
import type { Settings } from '../settings.js';
import type { UserStore } from '../users/user-store.js';
import type { Passwords } from './passwords.js';

/** Adds the administrator of the settings where there is none of that name yet. */
export async function ensureAdmin(
  settings: Pick<Settings, 'ADMIN_USERNAME' | 'ADMIN_PASSWORD'>,
  users: UserStore,
  passwords: Passwords,
): Promise<void> {
  const { ADMIN_USERNAME: username, ADMIN_PASSWORD: password } = settings;
  if (username === undefined || password === undefined) {
    return;
  }
  if (await users.findByUsername(username)) {
    return;
  }
  const passwordHash = await passwords.hash(password);
  await users.add({ username, passwordHash, role: 'admin' }).catch((error: unknown) => {
    // Another process of this service may be starting at the same moment.
    if (!(error instanceof ProblemError && error.status === 409)) {
      throw error;
    }
  });
}

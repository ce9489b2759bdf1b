import { Injectable } from '@nestjs/common';
import { StartupError } from '../../common/startup-error.js';
import { Database } from '../../infra/database/database.js';
import { randomPassword } from '../credentials/random-password.js';
import { PasswordHasher } from '../password-hasher.js';

/** The way back in for whoever has the machine but no password: `npm run admin:reset`. */
@Injectable()
export class AdminReset {
  constructor(
    private readonly database: Database,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * Makes a user an enabled administrator with a new password, and ends their sessions and API keys: whoever took the
   * account over has neither any more.
   *
   * @param newPassword Absent: generated.
   * @returns The name as it is stored, and the password.
   * @throws StartupError when there is no such user.
   */
  async resetAdmin(
    username: string,
    newPassword: string = randomPassword(),
  ): Promise<{ username: string; password: string }> {
    const passwordHash = await this.hasher.hash(newPassword);
    return this.database.transaction(async (tx) => {
      const [user] = await tx.query<{ username: string }>(
        {
          text: `
            UPDATE users
            SET password_hash = $2, role = 'admin', permissions = NULL, disabled = false
            WHERE lower(username) = lower($1) RETURNING username`,
        },
        [username, passwordHash],
      );
      if (!user) {
        throw new StartupError('admin:reset: there is no user of that name');
      }
      await tx.query({ text: 'UPDATE sessions SET revoked_at = now() WHERE username = $1' }, [
        user.username,
      ]);
      await tx.query({ text: 'DELETE FROM api_keys WHERE username = $1' }, [user.username]);
      return { username: user.username, password: newPassword };
    });
  }
}

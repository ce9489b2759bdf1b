import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../infra/database/database.js';
import { randomPassword } from '../credentials/random-password.js';
import { PasswordHasher } from '../password-hasher.js';

/** Sees to it that somebody can administrate a new installation. */
@Injectable()
export class FirstAdmin {
  constructor(
    private readonly config: AppConfig,
    private readonly database: Database,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * Creates the administrator of the settings where there is none. Any number of processes may do so at once.
   *
   * @returns Name and password when this call created one with a generated password: show it to the operator, once and
   * not in the log. `null` in every other case.
   */
  async createFirstAdmin(): Promise<{ username: string; password: string } | null> {
    const there = await this.database.query({
      text: `SELECT 1 FROM users WHERE role = 'admin' LIMIT 1`,
    });
    if (there.length > 0) {
      return null;
    }
    const { adminUsername: username, adminPassword } = this.config.auth;
    const password = adminPassword ?? randomPassword();
    const created = await this.database.query(
      {
        text: `
          INSERT INTO users (username, password_hash, role)
          SELECT $1, $2, 'admin' WHERE NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin')
          ON CONFLICT DO NOTHING RETURNING username`,
      },
      [username, await this.hasher.hash(password)],
    );
    return created.length === 1 && adminPassword === undefined ? { username, password } : null;
  }
}

import { Injectable } from '@nestjs/common';
import { ApiError } from '../common/api-error.js';
import { FailedLogins } from '../common/rate-limit/failed-logins.js';
import { AppConfig } from '../config/app-config.js';
import { PasswordHasher } from './password-hasher.js';
import type { Principal } from './principal.js';
import { TokensService, type IssuedTokens } from './tokens.service.js';
import type { User } from './users/user.entity.js';
import { USERNAME } from './users/user.dto.js';
import { UsersService } from './users/users.service.js';

/** What needs a password: registering, logging in, changing it. Guesses are counted wherever one is asked for. */
@Injectable()
export class LoginService {
  constructor(
    private readonly config: AppConfig,
    private readonly users: UsersService,
    private readonly tokens: TokensService,
    private readonly hasher: PasswordHasher,
    private readonly failedLogins: FailedLogins,
  ) {}

  /** @throws ApiError forbidden where registration is closed; conflict where the name is taken. */
  async register(username: string, password: string): Promise<User> {
    if (!this.config.auth.openRegistration) {
      throw new ApiError(
        'forbidden',
        'Registration is closed: ask an administrator for an account',
      );
    }
    return this.users.create(username, password, 'user');
  }

  /**
   * Unknown user, wrong password and disabled account are one answer, after the same time.
   *
   * @param address Of the client, for the limit.
   * @throws ApiError unauthorized, rate_limit_exceeded
   */
  async login(username: string, password: string, address: string): Promise<IssuedTokens> {
    // Users are found in any case, so failures are counted in any case.
    const account = username.toLowerCase();
    await this.failedLogins.check(account, address);
    // What can't be a name is none, whatever the database makes of its capitals.
    const user = USERNAME.test(username) ? await this.users.find(username) : null;
    const isRight = await this.hasher.verify(user?.passwordHash, password);
    if (isRight) {
      // Of many guesses sent at once, none had failed yet at the first look.
      await this.failedLogins.check(account, address);
    }
    const issued = user && isRight && !user.disabled ? await this.tokens.open(user) : null;
    if (!issued) {
      await this.failedLogins.fail(account, address);
      throw new ApiError('unauthorized', 'Wrong username or password', {
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    }
    return issued;
  }

  /**
   * @param change `revokesKeys`: API keys made before it end, too.
   * @throws ApiError forbidden when `current` is wrong; rate_limit_exceeded
   */
  async changePassword(
    principal: Principal,
    current: string,
    change: { next: string; revokesKeys: boolean },
    address: string,
  ): Promise<void> {
    const account = principal.username.toLowerCase();
    await this.failedLogins.check(account, address);
    const user = await this.users.get(principal.username);
    const isRight = await this.hasher.verify(user.passwordHash, current);
    if (isRight) {
      await this.failedLogins.check(account, address);
    }
    const { next, revokesKeys } = change;
    const kept = { session: principal.sessionId ?? undefined, keys: !revokesKeys };
    if (!isRight || !(await this.users.setPassword(user, next, kept))) {
      await this.failedLogins.fail(account, address);
      throw new ApiError('forbidden', 'The current password is wrong');
    }
  }
}

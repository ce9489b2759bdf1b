import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ApiError } from '../../common/api-error.js';
import { isUniqueViolation } from '../../infra/database/database.js';
import { ApiKey } from '../keys/api-key.entity.js';
import { PasswordHasher } from '../password-hasher.js';
import type { Permission, Role } from '../principal.js';
import { TokensService } from '../tokens.service.js';
import { User } from './user.entity.js';

/** What an administrator may change of a user; what is absent stays. */
export interface UserChange {
  role?: Role;
  permissions?: Permission[] | null;
  disabled?: boolean;
  password?: string;
}

@Injectable()
export class UsersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hasher: PasswordHasher,
    private readonly tokens: TokensService,
  ) {}

  /** @throws ApiError conflict where the name is taken, in whatever case. */
  async create(username: string, password: string, role: Role): Promise<User> {
    // Before the costly hash; the unique index decides.
    if (await this.find(username)) {
      throw taken();
    }
    const passwordHash = await this.hasher.hash(password);
    try {
      await this.dataSource.manager.insert(User, { username, passwordHash, role });
    } catch (error) {
      throw isUniqueViolation(error) ? taken() : error;
    }
    return this.get(username);
  }

  /** Looks without regard to case. */
  find(username: string): Promise<User | null> {
    return findUser(this.dataSource.manager, username);
  }

  /** @throws ApiError not_found */
  async get(username: string): Promise<User> {
    return existing(await this.find(username));
  }

  /** By name. */
  list(limit: number, offset: number): Promise<[users: User[], total: number]> {
    return this.dataSource.manager.findAndCount(User, {
      order: { username: 'ASC' },
      take: limit,
      skip: offset,
    });
  }

  /**
   * A new password and disabling end the user's sessions; role and permissions hold at once anyway.
   *
   * @throws ApiError not_found; conflict where no enabled administrator would be left.
   */
  async change(username: string, { password, ...rights }: UserChange): Promise<User> {
    await this.get(username);
    const passwordHash = password === undefined ? undefined : await this.hasher.hash(password);
    return this.dataSource.transaction(async (tx) => {
      const keepsAdmin = (rights.role ?? 'admin') === 'admin' && !rights.disabled;
      const admins = keepsAdmin ? [] : await lockAdmins(tx);
      const user = existing(await findUser(tx, username));
      if (admins.length === 1 && admins[0]?.username === user.username) {
        throw new ApiError(
          'conflict',
          'The last enabled administrator can not be demoted or disabled',
        );
      }
      const changes = { ...rights, passwordHash };
      if (Object.values(changes).some((value) => value !== undefined)) {
        await tx.update(User, { username: user.username }, changes);
      }
      if (passwordHash !== undefined || rights.disabled) {
        await this.tokens.closeAll(tx, user.username);
      }
      if (passwordHash !== undefined) {
        // Somebody else may have had the account, and have made keys for later.
        await tx.delete(ApiKey, { username: user.username });
      }
      return existing(await findUser(tx, username));
    });
  }

  /**
   * Sets the password of somebody whose current one was just verified. What hangs on the old one ends: sessions, and
   * API keys, which a thief may have made for later.
   *
   * @param kept What goes on: the session that asks, and, if its user wants so, the keys.
   * @returns false, and changes nothing, when it is no longer the current one.
   */
  async setPassword(
    user: User,
    password: string,
    kept: { session: string | undefined; keys: boolean },
  ): Promise<boolean> {
    const passwordHash = await this.hasher.hash(password);
    return this.dataSource.transaction(async (tx) => {
      const known = { username: user.username, passwordHash: user.passwordHash };
      const { affected } = await tx.update(User, known, { passwordHash });
      if (affected !== 1) {
        return false;
      }
      await this.tokens.closeAll(tx, user.username, kept.session);
      if (!kept.keys) {
        await tx.delete(ApiKey, { username: user.username });
      }
      return true;
    });
  }
}

function findUser(manager: EntityManager, username: string): Promise<User | null> {
  return manager
    .createQueryBuilder(User, 'u')
    .where('lower(u.username) = lower(:username)', { username })
    .getOne();
}

/** Two administrators who demote each other at once wait here for one another. */
function lockAdmins(tx: EntityManager): Promise<User[]> {
  return tx.find(User, {
    where: { role: 'admin', disabled: false },
    order: { username: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
}

function existing(user: User | null): User {
  if (!user) {
    throw new ApiError('not_found', 'User not found');
  }
  return user;
}

function taken(): ApiError {
  return new ApiError('conflict', 'The username is taken');
}

import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ApiError } from '../../common/api-error.js';
import { hashToken } from '../credentials/opaque-token.js';
import { PERMISSIONS, type Permission, type Principal } from '../principal.js';
import { newApiKey } from './api-key-format.js';
import { ApiKey } from './api-key.entity.js';

const MAX_KEYS_A_USER = 100;
const DAY_MS = 86_400_000;

export interface NewKey {
  name: string;
  /** Absent: all that the user has now. */
  permissions?: readonly Permission[];
  /** Absent: without an end. */
  expiresInDays?: number | null;
}

@Injectable()
export class ApiKeysService {
  constructor(@InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>) {}

  /**
   * @returns The key itself too, which nobody can learn later: its hash alone is stored.
   * @throws ApiError forbidden for permissions that the user lacks; conflict for too many keys.
   */
  async create(user: Principal, wanted: NewKey): Promise<{ row: ApiKey; key: string }> {
    const scope = new Set(wanted.permissions ?? user.permissions);
    if (![...scope].every((permission) => user.permissions.has(permission))) {
      throw new ApiError('forbidden', 'A key can not have permissions that its user lacks');
    }
    if ((await this.keys.countBy({ username: user.username })) >= MAX_KEYS_A_USER) {
      throw new ApiError('conflict', `A user can have ${MAX_KEYS_A_USER} keys: delete some first`);
    }
    const key = newApiKey();
    const { id } = await this.keys.save(
      this.keys.create({
        id: randomUUID(),
        username: user.username,
        name: wanted.name,
        keyHash: hashToken(key),
        permissions: PERMISSIONS.filter((permission) => scope.has(permission)),
        expiresAt: wanted.expiresInDays
          ? new Date(Date.now() + wanted.expiresInDays * DAY_MS)
          : null,
      }),
    );
    return { row: await this.keys.findOneByOrFail({ id }), key };
  }

  /** Newest first. */
  list(username: string): Promise<ApiKey[]> {
    return this.keys.find({ where: { username }, order: { createdAt: 'DESC', id: 'ASC' } });
  }

  /** @throws ApiError not_found where the user has no such key. */
  async delete(username: string, id: string): Promise<void> {
    const { affected } = await this.keys.delete({ id, username });
    if (affected !== 1) {
      throw new ApiError('not_found', 'API key not found');
    }
  }
}

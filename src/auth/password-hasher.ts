import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hash, verify, type Options } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { ApiError } from '../common/api-error.js';

/** OWASP's second recommendation for argon2id (the library's default algorithm): 19 MiB, two passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options;

/** More would take the thread pool from file reads and DNS: 20 at once hold a read for 1.8 s. */
const SIDE_BY_SIDE = 2;

/** About 1.5 s of waiting; whoever comes later is told to come back. */
const MAX_WAITING = 64;

/** Password hashes (argon2id, PHC strings), a bounded number at a time. */
@Injectable()
export class PasswordHasher {
  private readonly limit = pLimit(SIDE_BY_SIDE);
  private readonly unmatchable = unmatchableHash();

  /** @throws ApiError service_unavailable when too many wait already. */
  async hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, COST));
  }

  /**
   * @param stored `undefined` for a user that doesn't exist: takes the same time and is false.
   * @throws ApiError service_unavailable when too many wait already.
   */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    return this.inTurn(() => verify(stored ?? this.unmatchable, password));
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.limit.pendingCount >= MAX_WAITING) {
      throw new ApiError('service_unavailable', 'Too many logins at the moment, try again', {
        headers: { 'Retry-After': '2' },
      });
    }
    return this.limit(work);
  }
}

/** Costs what every other hash costs; its digest is random, so no password is known to lead to it. */
function unmatchableHash(): string {
  const part = (bytes: number) => randomBytes(bytes).toString('base64').replace(/=+$/, '');
  const { memoryCost, timeCost, parallelism } = COST;
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${part(16)}$${part(32)}`;
}

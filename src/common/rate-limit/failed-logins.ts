import { Inject, Injectable } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import { createHash } from 'node:crypto';
import { ThrottleStorage } from '../../infra/throttle/throttle-storage.js';
import { ApiError } from '../api-error.js';
import { RATE_LIMITS, WINDOW_MS, type RateLimits } from './rate-limits.js';

/** An address may fail for that many accounts' worth: an office behind one address, but no dictionary. */
const ACCOUNTS_PER_ADDRESS = 10;

/**
 * Slows down whoever guesses passwords: so many failures a minute for one account from one address, ten times as many
 * from one address for all accounts. Never locks an account for other addresses, or anybody could lock out anybody.
 */
@Injectable()
export class FailedLogins {
  constructor(
    private readonly storage: ThrottleStorage,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
  ) {}

  /**
   * Call before the password is looked at, and again when it was right: of many guesses sent at once all pass the
   * first call before one has failed.
   *
   * @throws ApiError rate_limit_exceeded
   */
  async check(account: string, address: string): Promise<void> {
    const limit = this.limits.login;
    if (limit === 0) {
      return;
    }
    const [pair, all] = await this.storage.peek(keysOf(account, address));
    const waits = [
      pair && pair.hits >= limit ? pair.msLeft : 0,
      all && all.hits >= limit * ACCOUNTS_PER_ADDRESS ? all.msLeft : 0,
    ];
    const waitMs = Math.max(...waits);
    if (waitMs > 0) {
      throw new ApiError('rate_limit_exceeded', 'Too many requests', {
        headers: { 'Retry-After': String(Math.ceil(waitMs / 1_000)) },
      });
    }
  }

  /** Counts one failure. `account` as it was sent, whether it exists or not. */
  async fail(account: string, address: string): Promise<void> {
    if (this.limits.login > 0) {
      await this.storage.hit(keysOf(account, address), WINDOW_MS);
    }
  }
}

/** A digest, so that no name (or password typed into the wrong field) is kept, and every key is short. */
function keysOf(account: string, address: string): [string, string] {
  const place = normalizeIp(address);
  const digest = createHash('sha256').update(account).digest('base64url');
  return [`login:${place}:${digest}`, `login:${place}`];
}

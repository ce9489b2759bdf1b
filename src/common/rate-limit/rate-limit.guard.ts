import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  ThrottlerGuard,
  type ThrottlerModuleOptions,
} from '@nestjs/throttler';
import { ThrottleStorage, type WindowCount } from '../../infra/throttle/throttle-storage.js';
import { ApiError } from '../api-error.js';
import { PER_ADDRESS, RateLimit, SKIP_RATE_LIMIT } from './rate-limit.decorators.js';
import { RATE_LIMITS, WINDOW_MS, type RateLimits } from './rate-limits.js';

type LimitName = 'global' | 'build' | 'analysis';

interface Count extends WindowCount {
  limit: number;
  remaining: number;
}

interface LimitedRequest {
  user?: { username?: string };
  ip?: string;
}

/**
 * Counts every request to a limited route, per user where one is known and else per address, and refuses those over a
 * limit. Must run after the guard that sets `request.user`, and before the one that refuses.
 *
 * The library's own guard counts per route, one limit after the other, and stops at the first that is exceeded; here
 * all limits of a request are counted together in one round trip.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    private readonly storage: ThrottleStorage,
    reflector: Reflector,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
  ) {
    super(options, storage, reflector);
  }

  /** @throws ApiError rate_limit_exceeded */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const names = this.limitsOf(context);
    if (names.length === 0) {
      return true;
    }
    const { req, res } = this.getRequestResponse(context);
    const isPerAddress = this.reflector.get(PER_ADDRESS, context.getHandler()) === true;
    const tracker = await this.getTracker(isPerAddress ? { ip: (req as LimitedRequest).ip } : req);
    const counts = await this.count(names, tracker);
    const tightest = counts.reduce(tighter);
    const secondsLeft = Math.max(1, Math.ceil(tightest.msLeft / 1_000));
    this.setResponseHeader(res, 'X-RateLimit-Limit', tightest.limit);
    this.setResponseHeader(res, 'X-RateLimit-Remaining', tightest.remaining);
    this.setResponseHeader(res, 'X-RateLimit-Reset', toUnixSeconds(tightest.msLeft));
    if (counts.some((count) => count.hits > count.limit)) {
      throw new ApiError('rate_limit_exceeded', 'Too many requests', {
        headers: { 'Retry-After': String(secondsLeft) },
      });
    }
    return true;
  }

  /** A prefix for each kind: a user may be named like an address. */
  protected override async getTracker(request: LimitedRequest): Promise<string> {
    const username = request.user?.username;
    return username === undefined ? `ip:${await super.getTracker(request)}` : `user:${username}`;
  }

  private limitsOf(context: ExecutionContext): LimitName[] {
    const targets = [context.getHandler(), context.getClass()];
    if (
      context.getType() !== 'http' ||
      this.reflector.getAllAndOverride(SKIP_RATE_LIMIT, targets)
    ) {
      return [];
    }
    const own = this.reflector.getAllAndOverride(RateLimit, targets);
    const names: LimitName[] = own ? ['global', own] : ['global'];
    return names.filter((name) => this.limits[name] > 0);
  }

  private async count(names: LimitName[], tracker: string): Promise<Count[]> {
    const keys = names.map((name) => `${name}:${tracker}`);
    const windows = await this.storage.hit(keys, WINDOW_MS);
    return names.map((name, index) => {
      const limit = this.limits[name];
      const { hits, msLeft } = windows[index] ?? { hits: 0, msLeft: 0 };
      return { hits, msLeft, limit, remaining: Math.max(0, limit - hits) };
    });
  }
}

/** Of two that leave equally much the one that lasts longer: before its end a retry would be refused again. */
function tighter(a: Count, b: Count): Count {
  if (a.remaining !== b.remaining) {
    return a.remaining < b.remaining ? a : b;
  }
  return a.msLeft >= b.msLeft ? a : b;
}

function toUnixSeconds(msFromNow: number): number {
  return Math.ceil((Date.now() + msFromNow) / 1_000);
}

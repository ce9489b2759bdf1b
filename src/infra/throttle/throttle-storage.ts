import type { ThrottlerStorage } from '@nestjs/throttler';

/** The type that `@nestjs/throttler` wants; it keeps its own name for the token. */
type ThrottlerRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** One counter in its current window. */
export interface WindowCount {
  hits: number;
  /** Until the window ends and the count starts again; 0 where nothing was counted. */
  msLeft: number;
}

/**
 * Counts hits in fixed windows that begin with a key's first hit.
 *
 * All keys of one call are counted in one round trip, each whatever becomes of the others. Never rejects for want of
 * a server: a limit that can't be shared is kept by each process alone.
 */
export abstract class ThrottleStorage implements ThrottlerStorage {
  /** Adds one hit to each key and answers in the order of `keys`. */
  abstract hit(keys: readonly string[], windowMs: number): Promise<WindowCount[]>;

  /** The counts as they stand, in the order of `keys`. */
  abstract peek(keys: readonly string[]): Promise<WindowCount[]>;

  /**
   * The library's own port. `blockDuration` is ignored: being refused doesn't prolong a window, so a blocked client is
   * free when it ends.
   */
  async increment(key: string, ttl: number, limit: number): Promise<ThrottlerRecord> {
    const [count = { hits: 0, msLeft: 0 }] = await this.hit([key], ttl);
    const secondsLeft = Math.ceil(count.msLeft / 1_000);
    const isBlocked = count.hits > limit;
    return {
      totalHits: count.hits,
      timeToExpire: secondsLeft,
      isBlocked,
      timeToBlockExpire: isBlocked ? secondsLeft : 0,
    };
  }
}

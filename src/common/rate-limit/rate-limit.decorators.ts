import { Reflector } from '@nestjs/core';

/**
 * Counts a route against a limit of its own as well as the global one.
 *
 * @example `@RateLimit('build')`
 */
export const RateLimit = Reflector.createDecorator<'build' | 'analysis'>();

const Skip = Reflector.createDecorator<boolean>();

/** Leaves a route or a whole controller uncounted, such as health probes. */
export const SkipRateLimit = (): ReturnType<typeof Skip> => Skip(true);

/** For `RateLimitGuard`. */
export const SKIP_RATE_LIMIT = Skip;

const PerAddress = Reflector.createDecorator<boolean>();

/** Counts per address whoever the token names: for routes that give out accounts and tokens. */
export const LimitPerAddress = (): ReturnType<typeof PerAddress> => PerAddress(true);

/** For `RateLimitGuard`. */
export const PER_ADDRESS = PerAddress;

import { rateLimit as createLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import { ProblemError } from './problems.js';

const MINUTE_MS = 60_000;

/** Lets each address make so many requests a minute; the probes are free. */
export function rateLimit(perMinute: number): RateLimitRequestHandler {
  return createLimit({
    windowMs: MINUTE_MS,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    skip: ({ originalUrl }) => originalUrl.startsWith('/health/'),
    handler: (_request, _response, next) => {
      next(new ProblemError(429, 'Too many requests: try again in a minute'));
    },
  });
}

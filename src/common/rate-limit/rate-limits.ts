/** How many a minute; 0: no limit. `login` counts failed logins, the others requests. */
export interface RateLimits {
  global: number;
  build: number;
  analysis: number;
  login: number;
}

/** Injection token of the `RateLimits` in force. */
export const RATE_LIMITS = Symbol('RATE_LIMITS');

/** "A minute" is a window that begins with the first hit. */
export const WINDOW_MS = 60_000;

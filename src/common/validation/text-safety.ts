import { ApiError } from '../api-error.js';

/** A lone surrogate can't be written as UTF-8, and PostgreSQL takes no NUL. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/** class-transformer calls `constructor` of free-form objects and drops `__proto__` without a word. */
const DANGEROUS_KEYS = new Set(['__proto__', 'constructor']);

/** Deeper than any body of this API, and shallow enough for whatever recurses over it later. */
const MAX_DEPTH = 64;

/**
 * Refuses what can't be stored or walked over safely: ill-formed text and NUL in any key or value, keys that mean
 * something to JavaScript, and nesting without end. Itself it doesn't recurse.
 *
 * @throws ApiError bad_request
 */
export function refuseUnsafe(input: unknown): void {
  let level: unknown[] = [input];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new ApiError('bad_request', `The request is nested more than ${MAX_DEPTH} levels deep`);
    }
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string') {
        refuseUnstorable(value);
      } else if (Array.isArray(value)) {
        // No spread: a body of a megabyte has more items than a call can have arguments.
        for (const item of value) {
          next.push(item);
        }
      } else if (typeof value === 'object' && value !== null) {
        for (const [key, item] of Object.entries(value)) {
          refuseKey(key);
          next.push(item);
        }
      }
    }
    level = next;
  }
}

function refuseKey(key: string): void {
  refuseUnstorable(key);
  if (DANGEROUS_KEYS.has(key)) {
    throw new ApiError('bad_request', `The request has a field named ${key}`);
  }
}

function refuseUnstorable(text: string): void {
  if (UNSTORABLE.test(text)) {
    throw new ApiError('bad_request', 'The request has text that is not valid Unicode or has NUL');
  }
}

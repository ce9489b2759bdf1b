import { isUtf8 } from 'node:buffer';
import { ApiError } from '../api-error.js';

export interface JsonLimits {
  depth: number;
  /** Items of lists and fields of objects, all together. */
  members: number;
}

const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);
const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Looks over the bytes of a JSON text before anything is made of it. Refuses what the parser would mend in silence
 * (bytes that are no UTF-8), nesting that overflows the stack of whoever walks it, and so many members that walking
 * them takes seconds: validation compares each field of an object with all others.
 *
 * @throws ApiError bad_request
 */
export function scanJson(body: Buffer, limits: JsonLimits): void {
  if (!isUtf8(body)) {
    throw new ApiError('bad_request', 'The body is not valid UTF-8');
  }
  let depth = 0;
  let members = 0;
  let isInString = false;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i] as number;
    if (isInString) {
      if (byte === BACKSLASH) {
        i += 1;
      } else if (byte === QUOTE) {
        isInString = false;
      }
    } else if (byte === QUOTE) {
      isInString = true;
    } else if (byte === COMMA) {
      members += 1;
    } else if (OPEN.has(byte)) {
      depth += 1;
      members += 1;
    } else if (CLOSE.has(byte)) {
      depth -= 1;
    }
    if (depth > limits.depth) {
      throw new ApiError('bad_request', `JSON may be nested ${limits.depth} deep at most here`);
    }
    if (members > limits.members) {
      throw new ApiError('bad_request', `JSON may have ${limits.members} members at most here`);
    }
  }
}

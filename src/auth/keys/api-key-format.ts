import { randomToken } from '../credentials/opaque-token.js';

/** A key is told from a JWT by its prefix, which secret scanners can look for too. */
export const API_KEY = /^gsk_[\w-]{43}$/;

export function newApiKey(): string {
  return `gsk_${randomToken()}`;
}

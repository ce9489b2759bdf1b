import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits in base64url: what a refresh token and an API key are made of. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * How a random token is stored and looked up. A fast hash is enough, unlike for a password: 256 random bits can't be
 * guessed.
 */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

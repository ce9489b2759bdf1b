import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { PERMISSIONS, ROLES } from '../principal.js';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/**
 * All that an access token says, and nothing beside it: a token with `aud`, `nbf` or `crit` was made for others or asks
 * for checks that nobody here makes.
 */
const tokenSchema = z.object({
  header: z.strictObject({ alg: z.literal('HS256'), typ: z.literal('JWT').optional() }),
  payload: z.strictObject({
    sub: z.string().min(1).max(64),
    role: z.enum(ROLES),
    permissions: z.array(z.enum(PERMISSIONS)),
    iat: z.int().positive(),
    exp: z.int().positive(),
    jti: z.string().regex(new RegExp(`^${UUID}\\.[\\w-]{8,32}$`)),
  }),
});

export type AccessClaims = z.output<typeof tokenSchema>['payload'];

/** @returns The claims of a token whose signature holds, or `null` when they aren't those this server signs. */
export function readClaims(verified: unknown): AccessClaims | null {
  const parsed = tokenSchema.safeParse(verified);
  return parsed.success ? parsed.data.payload : null;
}

/** The token's own id begins with its session's, so that a revoked session takes its access tokens with it. */
export function tokenIdOf(sessionId: string): string {
  return `${sessionId}.${randomBytes(9).toString('base64url')}`;
}

export function sessionIdOf(claims: AccessClaims): string {
  return claims.jti.slice(0, 36);
}

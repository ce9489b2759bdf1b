import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Database, type Statement } from '../infra/database/database.js';
import { readClaims, sessionIdOf, type AccessClaims } from './credentials/access-token.js';
import { hashToken } from './credentials/opaque-token.js';
import { effectivePermissions } from './effective-permissions.js';
import { API_KEY } from './keys/api-key-format.js';
import type { Principal, Role } from './principal.js';

/** Longer than any token this server makes; nothing beyond it is even parsed. */
const MAX_TOKEN_LENGTH = 4096;

interface UserRow {
  username: string;
  role: Role;
  permissions: string[] | null;
}

interface KeyRow extends UserRow {
  id: string;
  scope: string[];
  expires_at: Date | null;
  is_stale: boolean;
}

const USER_OF_SESSION: Statement = {
  name: 'user_of_session',
  text: `
    SELECT u.username, u.role, u.permissions
    FROM sessions s JOIN users u ON u.username = s.username
    WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND NOT u.disabled`,
};

const USER_OF_KEY: Statement = {
  name: 'user_of_key',
  text: `
    SELECT k.id, k.permissions AS scope, k.expires_at, u.username, u.role, u.permissions,
           k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute' AS is_stale
    FROM api_keys k JOIN users u ON u.username = k.username
    WHERE k.key_hash = $1 AND (k.expires_at IS NULL OR k.expires_at > now()) AND NOT u.disabled`,
};

const TOUCH_KEY: Statement = {
  name: 'touch_key',
  text: `
    UPDATE api_keys SET last_used_at = now()
    WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
};

/** The one answer to "whose token is this?", for HTTP and WebSocket alike. */
@Injectable()
export class IdentityService {
  constructor(
    private readonly jwt: JwtService,
    private readonly database: Database,
  ) {}

  /**
   * @param token An access token or an API key, as the client sent it.
   * @returns The user with the rights of this moment; `null` when the token doesn't hold.
   * @throws when the database can't be asked: nobody is told that a good token is bad.
   */
  async identify(token: string): Promise<Principal | null> {
    if (token.length > MAX_TOKEN_LENGTH) {
      return null;
    }
    if (API_KEY.test(token)) {
      return this.identifyKey(token);
    }
    const claims = this.verify(token);
    return claims && this.identifyClaims(claims);
  }

  private verify(token: string): AccessClaims | null {
    try {
      return readClaims(this.jwt.verify<object>(token, { complete: true }));
    } catch {
      // Whatever is wrong with it, it is not a token of ours that holds.
      return null;
    }
  }

  private async identifyClaims(claims: AccessClaims): Promise<Principal | null> {
    const sessionId = sessionIdOf(claims);
    const [user] = await this.database.query<UserRow>(USER_OF_SESSION, [sessionId]);
    if (user?.username !== claims.sub) {
      return null;
    }
    return {
      username: user.username,
      role: user.role,
      permissions: new Set(effectivePermissions(user.role, user.permissions)),
      sessionId,
      expiresAt: new Date(claims.exp * 1000),
    };
  }

  private async identifyKey(key: string): Promise<Principal | null> {
    const [row] = await this.database.query<KeyRow>(USER_OF_KEY, [hashToken(key)]);
    if (!row) {
      return null;
    }
    if (row.is_stale) {
      await this.database.query(TOUCH_KEY, [row.id]);
    }
    return {
      username: row.username,
      role: row.role,
      permissions: new Set(effectivePermissions(row.role, row.permissions, row.scope)),
      sessionId: null,
      expiresAt: row.expires_at,
    };
  }
}

import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { DataSource, IsNull, Not, type EntityManager } from 'typeorm';
import { ApiError } from '../common/api-error.js';
import { AppConfig } from '../config/app-config.js';
import { tokenIdOf, type AccessClaims } from './credentials/access-token.js';
import { hashToken, randomToken } from './credentials/opaque-token.js';
import { RefreshToken } from './credentials/refresh-token.entity.js';
import { Session } from './credentials/session.entity.js';
import { effectivePermissions } from './effective-permissions.js';
import { User } from './users/user.entity.js';

/** What a login and a refresh give. */
export interface IssuedTokens {
  accessToken: string;
  expiresInSeconds: number;
  refreshToken: string;
}

/** How many dead sessions one login sweeps away: more than it adds, and never a long statement. */
const SWEPT_A_LOGIN = 20;

/** Access and refresh tokens, and the sessions that both hang on. */
@Injectable()
export class TokensService {
  private readonly accessSeconds: number;
  private readonly refreshSeconds: number;

  constructor(
    private readonly jwt: JwtService,
    private readonly dataSource: DataSource,
    config: AppConfig,
  ) {
    this.accessSeconds = config.auth.accessTokenSeconds;
    this.refreshSeconds = config.auth.refreshTokenSeconds;
  }

  /**
   * Opens a session for a user whose password was just verified.
   *
   * @returns `null` when the user was disabled or got another password in the meantime.
   */
  async open(user: User): Promise<IssuedTokens | null> {
    await this.sweep();
    return this.dataSource.transaction(async (tx) => {
      const sessionId = randomUUID();
      // FOR SHARE waits for a password change under way: either it sees this session and revokes it, or we see it.
      const opened: unknown[] = await tx.query(
        `INSERT INTO sessions (id, username, expires_at)
         SELECT $1, username, now() + $2 * interval '1 second' FROM users
         WHERE username = $3 AND password_hash = $4 AND NOT disabled FOR SHARE
         RETURNING id`,
        [sessionId, this.sessionSeconds, user.username, user.passwordHash],
      );
      return opened.length === 0 ? null : this.issue(tx, sessionId, user);
    });
  }

  /**
   * Exchanges a refresh token for new tokens, once. A second use means that it was copied: the session ends, for the
   * thief and the owner alike.
   *
   * @throws ApiError unauthorized
   */
  async rotate(refreshToken: string): Promise<IssuedTokens> {
    const tokenHash = hashToken(refreshToken);
    const known = await this.dataSource.manager.findOneBy(RefreshToken, { tokenHash });
    const issued =
      known &&
      (await this.dataSource.transaction(async (tx) => {
        const user = (await use(tx, tokenHash)) ? await this.prolong(tx, known.sessionId) : null;
        return user && this.issue(tx, known.sessionId, user);
      }));
    if (issued) {
      return issued;
    }
    if (known && (await isUsed(this.dataSource.manager, tokenHash))) {
      await this.close(known.sessionId);
    }
    throw new ApiError('unauthorized', 'The refresh token is not valid or has expired', {
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    });
  }

  /** Ends a session: its access and refresh tokens stop to hold at once. */
  async close(sessionId: string): Promise<void> {
    await this.dataSource.manager.update(
      Session,
      { id: sessionId, revokedAt: IsNull() },
      { revokedAt: () => 'now()' },
    );
  }

  /**
   * Ends all sessions of a user.
   *
   * @param tx The transaction that changes the user, after that change.
   * @param except One that stays.
   */
  async closeAll(tx: EntityManager, username: string, except?: string): Promise<void> {
    await tx.update(
      Session,
      { username, revokedAt: IsNull(), ...(except && { id: Not(except) }) },
      { revokedAt: () => 'now()' },
    );
  }

  /** A session lives as long as its longest-lived token. */
  private get sessionSeconds(): number {
    return Math.max(this.refreshSeconds, this.accessSeconds);
  }

  /** Locks a living session and moves its end; its tokens that nobody can use any more go. */
  private async prolong(tx: EntityManager, sessionId: string): Promise<User | null> {
    const moved = await tx
      .createQueryBuilder()
      .update(Session)
      .set({ expiresAt: () => `now() + :seconds * interval '1 second'` })
      .where('id = :sessionId AND revoked_at IS NULL AND expires_at > now()')
      .setParameters({ seconds: this.sessionSeconds, sessionId })
      .returning('username')
      .execute();
    const [row] = moved.raw as { username: string }[];
    if (!row) {
      return null;
    }
    await tx.query('DELETE FROM refresh_tokens WHERE session_id = $1 AND expires_at < now()', [
      sessionId,
    ]);
    return tx.findOneBy(User, { username: row.username, disabled: false });
  }

  private async issue(tx: EntityManager, sessionId: string, user: User): Promise<IssuedTokens> {
    const refreshToken = randomToken();
    await tx.query(
      `INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
       VALUES ($1, $2, now() + $3 * interval '1 second')`,
      [hashToken(refreshToken), sessionId, this.refreshSeconds],
    );
    const claims: Omit<AccessClaims, 'iat' | 'exp'> = {
      sub: user.username,
      role: user.role,
      permissions: effectivePermissions(user.role, user.permissions),
      jti: tokenIdOf(sessionId),
    };
    const accessToken = await this.jwt.signAsync(claims, { expiresIn: this.accessSeconds });
    return { accessToken, expiresInSeconds: this.accessSeconds, refreshToken };
  }

  private async sweep(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM sessions WHERE id IN (
         SELECT id FROM sessions WHERE expires_at < now()
         ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)`,
      [SWEPT_A_LOGIN],
    );
  }
}

/** Of two uses at once one wins. */
async function use(tx: EntityManager, tokenHash: Buffer): Promise<boolean> {
  const used = await tx
    .createQueryBuilder()
    .update(RefreshToken)
    .set({ usedAt: () => 'now()' })
    .where('token_hash = :tokenHash AND used_at IS NULL AND expires_at > now()', { tokenHash })
    .execute();
  return used.affected === 1;
}

async function isUsed(tx: EntityManager, tokenHash: Buffer): Promise<boolean> {
  return tx.existsBy(RefreshToken, { tokenHash, usedAt: Not(IsNull()) });
}

import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { SKIP_RATE_LIMIT } from '../common/rate-limit/rate-limit.decorators.js';
import type { BearerOptions } from './bearer.strategy.js';
import { PUBLIC } from './decorators.js';
import { IdentityService } from './identity.service.js';
import type { Principal } from './principal.js';

const failures = new WeakMap<Request, unknown>();

/** Why it could not be found out who sent the request (the database is gone); `undefined` when it could. */
export function identifyFailure(request: Request): unknown {
  return failures.get(request);
}

/**
 * The first global guard: sets `request.user` to a `Principal`, or leaves it undefined, and lets everybody through, so
 * that the limits behind it count good and bad tokens alike.
 *
 * It never throws: public routes, the probes among them, answer without a database too. `AccessGuard` throws what
 * went wrong here for the others.
 */
@Injectable()
export class IdentifyGuard extends AuthGuard('bearer') {
  constructor(
    private readonly identity: IdentityService,
    private readonly reflector: Reflector,
  ) {
    super();
  }

  override getAuthenticateOptions(): BearerOptions {
    return { identity: this.identity };
  }

  override canActivate(context: ExecutionContext) {
    const isHttp = context.getType() === 'http';
    const hasHeader = isHttp && this.getRequestOf(context).headers.authorization !== undefined;
    return hasHeader && !this.isNobodysBusiness(context) ? super.canActivate(context) : true;
  }

  override handleRequest<TUser = Principal | undefined>(
    error: unknown,
    user: TUser | false,
    _info: unknown,
    context: ExecutionContext,
  ): TUser {
    if (error) {
      failures.set(this.getRequestOf(context), error);
    }
    return (user || undefined) as TUser;
  }

  /** A liveness probe that happens to bear a token must not wait for a database that hangs. */
  private isNobodysBusiness(context: ExecutionContext): boolean {
    const route = [context.getHandler(), context.getClass()];
    return (
      this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, route) === true &&
      this.reflector.getAllAndOverride(SKIP_RATE_LIMIT, route) === true
    );
  }

  private getRequestOf(context: ExecutionContext): Request {
    return context.switchToHttp().getRequest<Request>();
  }
}

import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import type { BearerOptions } from './bearer.strategy.js';
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
  constructor(private readonly identity: IdentityService) {
    super();
  }

  override getAuthenticateOptions(): BearerOptions {
    return { identity: this.identity };
  }

  override canActivate(context: ExecutionContext) {
    const isHttp = context.getType() === 'http';
    const hasHeader = isHttp && this.getRequestOf(context).headers.authorization !== undefined;
    return hasHeader ? super.canActivate(context) : true;
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

  private getRequestOf(context: ExecutionContext): Request {
    return context.switchToHttp().getRequest<Request>();
  }
}

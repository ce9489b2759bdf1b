import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ApiError } from '../common/api-error.js';
import { bearerToken } from './bearer.strategy.js';
import { LOGIN_ONLY, PUBLIC, REQUIRED_PERMISSIONS, REQUIRED_ROLES } from './decorators.js';
import { identifyFailure } from './identify.guard.js';
import type { Permission, Principal, Role } from './principal.js';

/** The last global guard: 401 for nobody, 403 for a user who lacks what `@Requires`, `@Roles` or `@LoginOnly` ask for. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http' || this.read<boolean>(PUBLIC, context)) {
      return true;
    }
    const request = context.switchToHttp().getRequest<Request & { user?: Principal }>();
    if (!request.user) {
      throw identifyFailure(request) ?? unauthorized(bearerToken(request) !== undefined);
    }
    if (!this.isAllowed(request.user, context)) {
      throw new ApiError('forbidden', 'Insufficient permissions');
    }
    return true;
  }

  private isAllowed(user: Principal, context: ExecutionContext): boolean {
    const permissions = this.read<Permission[]>(REQUIRED_PERMISSIONS, context) ?? [];
    const roles = this.read<Role[]>(REQUIRED_ROLES, context);
    // What a role alone opens has no permission that a key could be scoped by.
    const needsLogin = roles !== undefined || this.read<boolean>(LOGIN_ONLY, context);
    return (
      permissions.every((permission) => user.permissions.has(permission)) &&
      (roles?.includes(user.role) ?? true) &&
      (!needsLogin || user.sessionId !== null)
    );
  }

  private read<T>(key: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [
      context.getHandler(),
      context.getClass(),
    ]);
  }
}

function unauthorized(hasToken: boolean): ApiError {
  return hasToken
    ? new ApiError('unauthorized', 'The token is not valid or has expired', {
        headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
      })
    : new ApiError('unauthorized', 'Not authenticated: send a bearer token', {
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
}

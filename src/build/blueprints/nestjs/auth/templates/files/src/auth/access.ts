import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Role } from '../users/user-schemas.js';
import type { User } from '../users/user.js';
import { missingRole } from './auth-problems.js';
import { AuthService } from './auth-service.js';
import { bearerTokenOf } from './bearer-token.js';

const ROLE = 'role';
const callers = new WeakMap<Request, User>();

/** Lets only requests with a valid access token pass; 401, or 403 for a disabled account. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly auth: AuthService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    const token = bearerTokenOf(request.headers.authorization);
    callers.set(request, await this.auth.authenticate(token));
    return true;
  }
}

/** Lets only the role of `RequireRole` pass, behind `AccessGuard`. */
@Injectable()
export class RoleGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const role = this.reflector.getAllAndOverride<Role>(ROLE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (callerOf(requestOf(context)).role !== role) {
      throw missingRole();
    }
    return true;
  }
}

/** Guards a route or a controller: only callers with an account. */
export function RequireUser(): MethodDecorator & ClassDecorator {
  return applyDecorators(UseGuards(AccessGuard), ApiBearerAuth());
}

/** Guards a route or a controller: only callers with this role. */
export function RequireRole(role: Role): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(ROLE, role),
    UseGuards(AccessGuard, RoleGuard),
    ApiBearerAuth(),
  );
}

/** Whoever a guard let pass, as a parameter of a route. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(requestOf(context)),
);

function callerOf(request: Request): User {
  const caller = callers.get(request);
  if (!caller) {
    throw new Error('The route lacks RequireUser');
  }
  return caller;
}

function requestOf(context: ExecutionContext): Request {
  return context.switchToHttp().getRequest<Request>();
}

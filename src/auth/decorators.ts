import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Permission, Principal, Role } from './principal.js';

export const PUBLIC = 'auth:public';
export const REQUIRED_PERMISSIONS = 'auth:permissions';
export const REQUIRED_ROLES = 'auth:roles';

/** Open to everybody, with or without a token. Every other route needs a user. */
export const Public = () => SetMetadata(PUBLIC, true);

/** The user needs all of these permissions. */
export const Requires = (...permissions: Permission[]) =>
  SetMetadata(REQUIRED_PERMISSIONS, permissions);

/** The user needs one of these roles. */
export const Roles = (...roles: Role[]) => SetMetadata(REQUIRED_ROLES, roles);

/** The principal that the identify guard found; the access guard has let nobody else through. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { user } = context.switchToHttp().getRequest<Request & { user?: Principal }>();
  if (!user) {
    throw new Error('@CurrentUser() on a public route');
  }
  return user;
});

/** Only for who logged in: an API key may not, so that a leaked one can't take over its account. */
export const LOGIN_ONLY = 'auth:login-only';
export const LoginOnly = () => SetMetadata(LOGIN_ONLY, true);

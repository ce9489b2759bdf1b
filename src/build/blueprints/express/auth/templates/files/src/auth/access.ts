import type { Request, RequestHandler } from 'express';
import type { Role } from '../users/user-schemas.js';
import type { User } from '../users/user.js';
import { missingRole } from './auth-problems.js';
import type { AuthService } from './auth-service.js';
import { bearerTokenOf } from './bearer-token.js';

const callers = new WeakMap<Request, User>();

/** Lets only requests with a valid access token pass; 401, or 403 for a disabled account. */
export function requireUser(auth: AuthService): RequestHandler {
  return async (request, _response, next) => {
    callers.set(request, await auth.authenticate(bearerTokenOf(request.headers.authorization)));
    next();
  };
}

/** Lets only this role pass, behind `requireUser`. */
export function requireRole(role: Role): RequestHandler {
  return (request, _response, next) => {
    if (callerOf(request).role !== role) {
      throw missingRole();
    }
    next();
  };
}

/** Whoever `requireUser` let pass. */
export function callerOf(request: Request): User {
  const caller = callers.get(request);
  if (!caller) {
    throw new Error('The route lacks requireUser');
  }
  return caller;
}

import { Router } from 'express';
import type { Routes } from '../docs/operation.js';
import { bodyOf } from '../http/input.js';
import { toUserBody, userSchema } from '../users/user-schemas.js';
import { callerOf, requireUser } from './access.js';
import { loginSchema, refreshSchema, registrationSchema, tokenPairSchema } from './auth-schemas.js';
import type { AuthService } from './auth-service.js';
import { bearerTokenOf } from './bearer-token.js';

/** Sign-up, login, refresh, logout and the caller's own account. */
export function authRouter(auth: AuthService): Router {
  const router = Router();
  router.post('/register', async (request, response) => {
    const user = await auth.register(bodyOf(registrationSchema, request));
    response.status(201).json(toUserBody(user));
  });
  router.post('/login', async (request, response) => {
    response.json(await auth.logIn(bodyOf(loginSchema, request)));
  });
  router.post('/refresh', async (request, response) => {
    response.json(await auth.refresh(bodyOf(refreshSchema, request).refresh_token));
  });
  router.post('/logout', async (request, response) => {
    await auth.logOut(bearerTokenOf(request.headers.authorization));
    response.status(204).end();
  });
  router.get('/me', requireUser(auth), (request, response) => {
    response.json(toUserBody(callerOf(request)));
  });
  return router;
}

const tag = 'auth';

export const authRoutes: Routes = {
  '/auth/register': {
    post: {
      tag,
      summary: 'Create an account with the role `user`',
      body: registrationSchema,
      status: 201,
      answer: userSchema,
      problems: [409, 422],
    },
  },
  '/auth/login': {
    post: {
      tag,
      summary: 'Change a name and a password for a pair of tokens',
      body: loginSchema,
      answer: tokenPairSchema,
      problems: [401, 403, 422],
    },
  },
  '/auth/refresh': {
    post: {
      tag,
      summary: 'Change a refresh token for a new pair; using one twice ends its session',
      body: refreshSchema,
      answer: tokenPairSchema,
      problems: [401, 403, 422],
    },
  },
  '/auth/logout': {
    post: {
      tag,
      summary: 'End the session: its tokens are void at once',
      status: 204,
      problems: [401],
      secured: true,
    },
  },
  '/auth/me': {
    get: {
      tag,
      summary: "The caller's own account",
      answer: userSchema,
      problems: [401, 403],
      secured: true,
    },
  },
};

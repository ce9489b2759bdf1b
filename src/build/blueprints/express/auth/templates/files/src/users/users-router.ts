import { Router } from 'express';
import { z } from 'zod';
import { callerOf, requireRole, requireUser } from '../auth/access.js';
import type { AuthService } from '../auth/auth-service.js';
import type { Routes } from '../docs/operation.js';
import { bodyOf, paramsOf, queryOf } from '../http/input.js';
import {
  toUserBody,
  userChangeSchema,
  userListSchema,
  userPageSchema,
  usernameSchema,
  userSchema,
} from './user-schemas.js';
import type { UserService } from './user-service.js';

const userParamsSchema = z.object({ username: usernameSchema });

/** User administration, for administrators only. */
export function usersRouter(users: UserService, auth: AuthService): Router {
  const router = Router();
  router.use(requireUser(auth), requireRole('admin'));
  router.get('/', async (request, response) => {
    const page = await users.list(queryOf(userPageSchema, request));
    response.json(page.map(toUserBody));
  });
  router.patch('/:username', async (request, response) => {
    const { username } = paramsOf(userParamsSchema, request);
    const change = bodyOf(userChangeSchema, request);
    response.json(toUserBody(await users.change(username, change, callerOf(request))));
  });
  return router;
}

const tag = 'users';

export const usersRoutes: Routes = {
  '/users': {
    get: {
      tag,
      summary: 'All users by name, a page at a time',
      query: userPageSchema,
      answer: userListSchema,
      problems: [401, 403, 422],
      secured: true,
    },
  },
  '/users/{username}': {
    patch: {
      tag,
      summary: "Change a user's role, or disable the account and end its sessions",
      params: userParamsSchema,
      body: userChangeSchema,
      answer: userSchema,
      problems: [401, 403, 404, 409, 422],
      secured: true,
    },
  },
};

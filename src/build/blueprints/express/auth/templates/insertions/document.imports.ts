import { authRoutes } from '../auth/auth-router.js';
import { usersRoutes } from '../users/users-router.js';

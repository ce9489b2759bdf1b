import { CreateUsers1700000000001 } from './migrations/0001-create-users.js';
import { LoginSession } from '../auth/login-session.js';
import { User } from '../users/user.js';

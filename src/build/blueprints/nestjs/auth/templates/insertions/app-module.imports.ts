import { AuthModule } from './auth/auth.module.js';

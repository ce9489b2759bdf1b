import { authSettings } from './auth/auth-settings.js';

import { rateLimit } from './rate-limit.js';

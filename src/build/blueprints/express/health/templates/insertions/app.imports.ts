import { healthRouter } from './health/health-router.js';

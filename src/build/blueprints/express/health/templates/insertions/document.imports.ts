import { healthRoutes } from '../health/health-router.js';

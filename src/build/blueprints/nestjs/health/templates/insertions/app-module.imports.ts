import { HealthModule } from './health/health.module.js';

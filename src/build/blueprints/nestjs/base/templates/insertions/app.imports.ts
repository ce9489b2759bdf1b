import { AppModule } from './app.module.js';
import { NestLogger } from './core/nest-logger.js';
import { serveDocs } from './docs/docs.js';
import { ProblemFilter } from './http/problem-filter.js';
import type { Settings } from './settings.js';

import { CoreModule } from './core/core.module.js';
import type { Settings } from './settings.js';

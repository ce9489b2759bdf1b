import { Initial1764000000000 } from './1764000000000-initial.js';
import { Operations1764300000000 } from './1764300000000-operations.js';

/** In the order they run. A released migration never changes; a change is a new one. */
export const MIGRATIONS = [Initial1764000000000, Operations1764300000000];

import { Initial1764000000000 } from './1764000000000-initial.js';
import { Analysis1764100000000 } from './1764100000000-analysis.js';
import { Living1764200000000 } from './1764200000000-living.js';

/** In the order they run. A released migration never changes; a change is a new one. */
export const MIGRATIONS = [Initial1764000000000, Analysis1764100000000, Living1764200000000];

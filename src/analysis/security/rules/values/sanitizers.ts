import type { Sanitizer } from '../../rule.js';
import { JAVASCRIPT_SANITIZERS } from './javascript-sanitizers.js';
import { PYTHON_SANITIZERS } from './python-sanitizers.js';

/** Calls that make a value harmless, and for what. */
export const SANITIZERS: readonly Sanitizer[] = [...PYTHON_SANITIZERS, ...JAVASCRIPT_SANITIZERS];

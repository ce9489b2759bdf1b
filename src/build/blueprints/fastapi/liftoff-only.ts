/**
 * Imported before the formatter's module, which compiles its 10 MB of WebAssembly as it loads. V8's optimizing
 * compiler would be at that for seconds, on threads that a process waits for when it exits; the baseline code formats as fast.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--liftoff-only');

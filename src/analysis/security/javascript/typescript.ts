import { createRequire } from 'node:module';
import type TypeScript from 'typescript';

/** TypeScript's parser, once `loadTypeScript` was called; a Python project does without its nine megabytes. */
export let ts: typeof TypeScript;

/** By `require`: an `import` would have Node read all of it twice more, for its format and for the names it exports. */
export function loadTypeScript(): void {
  ts ??= createRequire(import.meta.url)('typescript') as typeof TypeScript;
}

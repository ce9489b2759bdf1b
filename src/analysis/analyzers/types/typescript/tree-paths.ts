import { posix } from 'node:path';

/** Where the compiler sees the project; no such folder exists on the machine. */
export const TREE = '/tree';
/** Where it sees its own declarations of the language. */
export const LIBRARY = '/library';
/** Where it sees our stubs. */
export const STUBS = '/stubs';

/** Path -> text of a project's files, such as `src/main.ts`. */
export type Tree = ReadonlyMap<string, string>;

/** A file's path below the tree; `null`: it is none of the project's. */
export function insideTree(path: string): string | null {
  const normal = posix.normalize(path);
  return normal.startsWith(`${TREE}/`) ? normal.slice(TREE.length + 1) : null;
}

export const DECLARATIONS = /\.d(\.[\w-]+)?\.[cm]?ts$/;
export const JAVASCRIPT = /\.[cm]?jsx?$/;
export const TYPESCRIPT = /\.([cm]?ts|tsx)$/;

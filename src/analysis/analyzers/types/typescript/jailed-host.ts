import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import type ts from 'typescript';
import { insideTree, LIBRARY, TREE, type Tree } from './tree-paths.js';

/** TypeScript's own declarations are all that is ever read from the machine, and only by these names. */
const LIBRARY_NAME = /^lib(\.[a-z\d]+)*\.d\.ts$/;
const LIBRARY_FOLDER = dirname(createRequire(import.meta.url).resolve('typescript'));

/** Knows the files of the tree, the stubs and the library: whatever else the compiler asks for isn't there. */
export class JailedFiles implements ts.ModuleResolutionHost {
  readonly useCaseSensitiveFileNames = true;
  private readonly folders: ReadonlySet<string>;
  private readonly libraries = new Map<string, string | undefined>();
  readonly stubs = new Map<string, string>();

  constructor(private readonly tree: Tree) {
    const folders = new Set([TREE]);
    for (const path of tree.keys()) {
      for (let at = posix.dirname(path); at !== '.'; at = posix.dirname(at)) {
        folders.add(posix.join(TREE, at));
      }
    }
    this.folders = folders;
  }

  readonly fileExists = (path: string): boolean => {
    const inside = insideTree(path);
    return inside === null ? this.readFile(path) !== undefined : this.tree.has(inside);
  };

  readonly readFile = (path: string): string | undefined => {
    const inside = insideTree(path);
    if (inside !== null) {
      return this.tree.get(inside);
    }
    return posix.dirname(path) === LIBRARY
      ? this.library(posix.basename(path))
      : this.stubs.get(path);
  };

  readonly directoryExists = (path: string): boolean =>
    this.folders.has(posix.normalize(path).replace(/\/$/, ''));

  readonly getDirectories = (): string[] => [];
  readonly getCurrentDirectory = (): string => TREE;
  /** There are no links: a tree is paths and texts. */
  readonly realpath = (path: string): string => path;

  library(name: string): string | undefined {
    if (!this.libraries.has(name)) {
      this.libraries.set(name, LIBRARY_NAME.test(name) ? readLibrary(name) : undefined);
    }
    return this.libraries.get(name);
  }
}

function readLibrary(name: string): string | undefined {
  try {
    return readFileSync(join(LIBRARY_FOLDER, name), 'utf8');
  } catch {
    // A project may name a library that this version doesn't have.
    return undefined;
  }
}

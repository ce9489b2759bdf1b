import { posix } from 'node:path';
import ts from 'typescript';
import { TREE, type Tree } from './tree-paths.js';

const MANIFEST = /(^|\/)package\.json$/;
const MAX_PACKAGES = 500;
const MAX_TARGETS = 50;
/** Where builds put what they make of the sources. */
const BUILT = /^(dist|build|out|lib|esm|cjs|es|types|typings|umd)$/;
const ENDING = /(\.d)?\.[cm]?[jt]sx?$/;
const SOURCE_ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '/index.ts', '/index.tsx'];

interface Manifest {
  /** Of its package.json, in the tree; empty: the tree's own. */
  folder: string;
  json: Readonly<Record<string, unknown>>;
}

/** Whether a file names a package and what it exports: for us alone, the compiler doesn't see it. */
export function isManifest(path: string): boolean {
  return MANIFEST.test(path);
}

/**
 * The packages that the tree itself is made of. A package's tests, and the others of one repository, import it by its
 * name; what that leads to where it is built and installed is here as sources.
 */
export class OwnPackages {
  private readonly byName = new Map<string, Manifest>();

  constructor(private readonly tree: Tree) {
    const paths = [...tree.keys()].filter(
      (path) => MANIFEST.test(path) && !/node_modules/.test(path),
    );
    for (const path of paths.sort((a, b) => a.length - b.length).slice(0, MAX_PACKAGES)) {
      const json = readRecord(tree.get(path) ?? '');
      const name = json['name'];
      if (typeof name === 'string' && name !== '' && !this.byName.has(name)) {
        this.byName.set(name, { folder: posix.dirname(path), json });
      }
    }
  }

  /** The source that `name` or `name/below` stands for, as the compiler sees it; `null`: none that is found. */
  resolve(specifier: string): string | null {
    const parts = specifier.split('/');
    const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
    const manifest = this.byName.get(name);
    if (!manifest) {
      return null;
    }
    const below = specifier.slice(name.length + 1);
    for (const target of targetsOf(manifest.json, below)) {
      for (const path of sourcesOf(target)) {
        const found = posix.join(manifest.folder, path);
        if (this.tree.has(found)) {
          return posix.join(TREE, found);
        }
      }
    }
    return null;
  }
}

/** The paths in a package that one of its names may stand for. */
function targetsOf(json: Manifest['json'], below: string): string[] {
  const exported = json['exports'];
  const key = below === '' ? '.' : `./${below}`;
  const targets = isRecord(exported)
    ? Object.entries(exported).flatMap(([pattern, value]) => targetsBy(pattern, value, key))
    : [];
  if (below !== '') {
    return [...targets, below];
  }
  const whole = isRecord(exported) && Object.keys(exported).some((each) => each.startsWith('.'));
  const named = [json['types'], json['typings'], json['source'], json['module'], json['main']];
  return [...targets, ...leavesOf(whole ? null : exported), ...leavesOf(named), 'index'];
}

function targetsBy(pattern: string, value: unknown, key: string): string[] {
  if (!pattern.includes('*')) {
    return pattern === key ? leavesOf(value) : [];
  }
  const [before = '', after = ''] = pattern.split('*', 2);
  const isMatch =
    key.length >= before.length + after.length && key.startsWith(before) && key.endsWith(after);
  const star = key.slice(before.length, key.length - after.length);
  return isMatch ? leavesOf(value).map((leaf) => leaf.replaceAll('*', star)) : [];
}

/** Whatever the conditions: they tell builds apart, and the sources are the same. */
function leavesOf(value: unknown): string[] {
  const leaves: string[] = [];
  const queue = [value];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (typeof next === 'string') {
      leaves.push(next);
    } else if (typeof next === 'object' && next !== null && leaves.length < MAX_TARGETS) {
      queue.push(...Object.values(next).filter((each) => each !== undefined));
    }
  }
  return leaves.slice(0, MAX_TARGETS);
}

/** `./dist/esm/a.js` is made of `src/a.ts`, or of `a.ts`. */
function sourcesOf(target: string): string[] {
  const parts = posix.normalize(target).replace(ENDING, '').split('/');
  const start = parts.findIndex((part) => !BUILT.test(part));
  const bare = parts.slice(Math.max(0, start)).join('/');
  const places = [parts.join('/'), `src/${bare}`, bare, `src/${parts.join('/')}`];
  return [...new Set(places)].flatMap((place) => SOURCE_ENDINGS.map((ending) => place + ending));
}

function readRecord(text: string): Record<string, unknown> {
  const { config } = ts.parseConfigFileTextToJson('package.json', text) as { config?: unknown };
  return isRecord(config) ? config : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const IMPORT = /^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([^#\n;]+))/gm;

/** A tree that imports more than this is made to cost, not to run. */
const MAX_STUBS = 2_000;
const MAX_DEPTH = 6;

/** Whatever is asked of it is there and may be anything. */
const ANYTHING = Buffer.from(
  'from typing import Any\ndef __getattr__(name: str) -> Any: ...\n',
  'utf8',
);

/**
 * Stubs of the packages that the code imports and that are not here.
 *
 * Without them pyright takes an unknown decorator for one that changes nothing, and reports what follows from that: a
 * `cached_property` of a missing package makes every use of it an error.
 *
 * @returns by path below the folder of stubs
 */
export function stubsFor(files: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  const known = new Set([...bundledModules(), ...ownModules(files.keys())]);
  const stubs = new Map<string, Buffer>();
  for (const content of files.values()) {
    for (const module of importsOf(content.toString('utf8'))) {
      const parts = module.split('.');
      if (known.has(parts[0] ?? '') || parts.length > MAX_DEPTH) {
        continue;
      }
      for (let depth = 1; depth <= parts.length && stubs.size < MAX_STUBS; depth += 1) {
        stubs.set(`${parts.slice(0, depth).join('/')}/__init__.pyi`, ANYTHING);
      }
    }
  }
  return stubs;
}

function* importsOf(text: string): Generator<string> {
  for (const [, from, plain] of text.matchAll(IMPORT)) {
    for (const name of from === undefined ? (plain ?? '').split(',') : [from]) {
      const module = name.trim().split(/\s/, 1)[0] ?? '';
      if (/^[^\W\d]\w*(\.[^\W\d]\w*)*$/.test(module)) {
        yield module;
      }
    }
  }
}

/** Every folder and file of the tree: which of them is a root of imports is pyright's to find out. */
function* ownModules(paths: Iterable<string>): Generator<string> {
  for (const path of paths) {
    yield* path.replace(/\.pyi?$/, '').split('/');
  }
}

let bundled: string[] | undefined;

/** Of the standard library and of the packages whose types pyright brings. */
function bundledModules(): string[] {
  bundled ??= readBundledModules();
  return bundled;
}

function readBundledModules(): string[] {
  const typeshed = join(pyrightFolder(), 'dist/typeshed-fallback');
  const stubs = join(typeshed, 'stubs');
  return [join(typeshed, 'stdlib'), ...readdirSync(stubs).map((name) => join(stubs, name))]
    .flatMap((folder) => readdirSync(folder))
    .map((name) => name.replace(/\.pyi$/, ''));
}

function pyrightFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('pyright/package.json'));
}

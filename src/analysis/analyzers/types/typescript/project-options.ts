import { posix } from 'node:path';
import ts from 'typescript';
import { insideTree, JAVASCRIPT, TREE, TYPESCRIPT, type Tree } from './tree-paths.js';

/** Files that are checked together. */
export interface Project {
  options: ts.CompilerOptions;
  files: string[];
}

/** What of a project's compiler options counts, all of it data: nothing that reads or loads anything. */
const FLAGS = [
  'strict',
  'noImplicitAny',
  'strictNullChecks',
  'strictFunctionTypes',
  'strictBindCallApply',
  'strictPropertyInitialization',
  'noImplicitThis',
  'useUnknownInCatchVariables',
  'exactOptionalPropertyTypes',
  'noUncheckedIndexedAccess',
  'experimentalDecorators',
  'esModuleInterop',
  'allowJs',
  'checkJs',
  'useDefineForClassFields',
] as const;

/** Where nobody says how strict to be: what finds errors, and not what asks for more annotations. */
const UNDECIDED: ts.CompilerOptions = {
  noImplicitAny: true,
  strictNullChecks: true,
  strictFunctionTypes: true,
  strictBindCallApply: true,
};

const MAX_PROJECTS = 16;
const MAX_EXTENDS = 8;
const MAX_PATHS = 500;
const CONFIGURATION = /(^|\/)[tj]sconfig\.json$/;
const LIBRARIES = /^(dom|dom\.iterable|dom\.asynciterable|webworker|scripthost)$/;

/** Groups the files by the nearest tsconfig.json; without one, by our own options. */
export function projectsOf(tree: Tree): Project[] {
  const folders = [...tree.keys()]
    .filter((path) => CONFIGURATION.test(path))
    .map((path) => posix.dirname(path))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const chosen = new Set(folders.slice(0, MAX_PROJECTS));
  const groups = new Map<string, string[]>();
  for (const path of tree.keys()) {
    if (TYPESCRIPT.test(path) || JAVASCRIPT.test(path)) {
      const folder = nearest(posix.dirname(path), chosen);
      groups.set(folder, [...(groups.get(folder) ?? []), path]);
    }
  }
  return [...groups].map(([folder, files]) => ({ files, options: optionsOf(tree, folder, files) }));
}

function nearest(folder: string, chosen: ReadonlySet<string>): string {
  for (let current = folder; current !== '.'; current = posix.dirname(current)) {
    if (chosen.has(current)) {
      return current;
    }
  }
  return '.';
}

function optionsOf(tree: Tree, folder: string, files: readonly string[]): ts.CompilerOptions {
  const path = [`tsconfig.json`, `jsconfig.json`]
    .map((name) => posix.join(folder, name))
    .find((name) => tree.has(name));
  const own = path === undefined ? null : readConfiguration(tree, path, MAX_EXTENDS);
  const flags = own === null || own.isBaseUnknown ? { ...UNDECIDED, ...own?.flags } : own.flags;
  const libraries = own?.lib ?? (files.some((file) => file.endsWith('x')) ? ['dom'] : []);
  return {
    strict: false,
    ...flags,
    ...(own?.paths && Object.keys(own.paths).length > 0 ? { paths: own.paths } : {}),
    ...(own?.baseUrl ? { baseUrl: own.baseUrl } : {}),
    lib: ['lib.esnext.d.ts', ...libraries.map((name) => `lib.${name}.d.ts`)],
    // The newest of everything: what only an older runtime or module system forbids is no type error.
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    useDefineForClassFields: own?.flags.useDefineForClassFields ?? own?.isModern ?? false,
    jsx: ts.JsxEmit.ReactJSX,
    allowSyntheticDefaultImports: true,
    allowImportingTsExtensions: true,
    allowArbitraryExtensions: true,
    allowUnreachableCode: true,
    allowUnusedLabels: true,
    strictBuiltinIteratorReturn: false,
    ignoreDeprecations: '6.0',
    types: [],
    noEmit: true,
    skipLibCheck: true,
  };
}

interface Configuration {
  flags: Partial<Record<(typeof FLAGS)[number], boolean>>;
  lib?: string[];
  paths?: Record<string, string[]>;
  baseUrl?: string;
  isModern?: boolean;
  /** It builds on a package's, which isn't here. */
  isBaseUnknown: boolean;
}

/** Reads the JSON by ourselves: the compiler's own reader would follow it wherever it leads. */
function readConfiguration(tree: Tree, path: string, depth: number): Configuration {
  const parsed: unknown = ts.parseConfigFileTextToJson(path, tree.get(path) ?? '').config;
  const json = isRecord(parsed) ? parsed : {};
  let result: Configuration = { flags: {}, isBaseUnknown: false };
  const bases = [json['extends'], json['compilerOptions'] ? null : firstReference(json)].flat();
  for (const base of bases.filter((value) => typeof value === 'string')) {
    const target = depth > 0 ? resolveConfiguration(tree, path, base) : null;
    if (target !== null) {
      result = merged(result, readConfiguration(tree, target, depth - 1));
    } else if (!base.startsWith('.') && !base.startsWith('/')) {
      result.isBaseUnknown = true;
    }
  }
  const options = isRecord(json['compilerOptions']) ? json['compilerOptions'] : {};
  return merged(result, ownOptions(options, posix.join(TREE, posix.dirname(path))));
}

/** A root that only lists the projects below says nothing itself. */
function firstReference(json: Record<string, unknown>): unknown {
  const first: unknown = Array.isArray(json['references']) ? json['references'][0] : null;
  const path = isRecord(first) ? first['path'] : null;
  return typeof path === 'string' && !path.startsWith('/') ? `./${path}` : null;
}

function resolveConfiguration(tree: Tree, from: string, base: string): string | null {
  if (!base.startsWith('.')) {
    return null;
  }
  const target = posix.join(posix.dirname(from), base);
  const names = [target, `${target}.json`, posix.join(target, 'tsconfig.json')];
  return names.find((name) => name !== from && tree.has(name)) ?? null;
}

function merged(base: Configuration, own: Configuration): Configuration {
  return {
    ...base,
    ...own,
    flags: { ...base.flags, ...own.flags },
    isBaseUnknown: base.isBaseUnknown || own.isBaseUnknown,
  };
}

function ownOptions(options: Record<string, unknown>, folder: string): Configuration {
  const result: Configuration = { flags: {}, isBaseUnknown: false };
  for (const flag of FLAGS) {
    const value = options[flag];
    if (typeof value === 'boolean') {
      result.flags[flag] = value;
    }
  }
  if (Array.isArray(options['lib'])) {
    result.lib = options['lib']
      .filter((name) => typeof name === 'string')
      .map((name) => name.toLowerCase())
      .filter((name) => LIBRARIES.test(name));
  }
  if (typeof options['target'] === 'string') {
    result.isModern = /^es(next|20(2[2-9]|[3-9]\d))$/i.test(options['target']);
  }
  const baseUrl = options['baseUrl'];
  const base = posix.join(folder, typeof baseUrl === 'string' ? baseUrl : '.');
  if (typeof baseUrl === 'string' && (base === TREE || insideTree(base) !== null)) {
    result.baseUrl = base;
  }
  if (isRecord(options['paths'])) {
    result.paths = pathsOf(options['paths'], base);
  }
  return result;
}

/** Inside the tree only: a target outside would just not be there, but need not be asked for. */
function pathsOf(value: Record<string, unknown>, base: string): Record<string, string[]> {
  const entries = Object.entries(value).flatMap(([pattern, targets]) => {
    const texts = Array.isArray(targets) ? targets.filter((t) => typeof t === 'string') : [];
    const isSane = [pattern, ...texts].every((text) => text.split('*').length <= 2);
    const paths = texts
      .map((text) => posix.join(base, text))
      .filter((path) => insideTree(path) !== null);
    return paths.length > 0 && isSane ? [[pattern, paths.slice(0, 10)] as const] : [];
  });
  return Object.fromEntries(entries.slice(0, MAX_PATHS));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

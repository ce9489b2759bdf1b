import { addPath, type NameTree } from './import-usage.js';
import { declaredNames, isKnownGlobal } from '../verified/known-globals.js';
import { stubOf, type ProjectSources } from '../project-sources.js';
import { globalsStub, JSX_NAMESPACE, namesStub, wholeStub } from './stub-text.js';
import { STUBS } from '../tree-paths.js';

export const GLOBALS_STUB = `${STUBS}/globals.d.ts`;
export const JSX_RUNTIME_STUB = `${STUBS}/jsx-runtime.d.ts`;

/** One stub a missing module, with what all files of the project together ask of it. */
export function writeStubs(sources: ProjectSources): void {
  const names = new Map<string, NameTree>();
  const augmented = new Map<string, Set<string>>();
  const starred = new Set<string>();
  const imported: NameTree = new Map();
  for (const [path, { modules }] of sources.usages) {
    for (const usage of modules.values()) {
      if (sources.resolve(usage.specifier, path)) {
        merge(imported, usage.names);
        continue;
      }
      const stub = stubOf(usage.specifier, path);
      merge(
        getOrAdd(names, stub, () => new Map()),
        usage.names,
      );
      const added = getOrAdd(augmented, stub, () => new Set());
      usage.augmented.forEach((name) => added.add(name));
      if (usage.isStarred) {
        starred.add(stub);
      }
    }
  }
  const { stubs } = sources.files;
  for (const [stub, tree] of names) {
    if (starred.has(stub)) {
      // Whoever imports from the file that exports all of it may mean any of these.
      merge(tree, imported);
    }
    stubs.set(`${stub}.names.d.ts`, namesStub(tree, augmented.get(stub) ?? new Set()));
    stubs.set(`${stub}.whole.d.ts`, wholeStub(tree));
  }
  stubs.set(JSX_RUNTIME_STUB, `export ${JSX_NAMESPACE}`);
  stubs.set(GLOBALS_STUB, globalsOf(sources));
}

/** Of the names that packages declare for all files, those that the project uses. */
function globalsOf({ usages, options, files, ofScripts }: ProjectSources): string {
  const used: NameTree = new Map();
  const declared: NameTree = new Map();
  for (const { globals, declares } of usages.values()) {
    merge(used, globals);
    merge(declared, declares);
  }
  const hasBrowser = options.lib?.includes('lib.dom.d.ts') === true;
  const browser = declaredNames(files.library('lib.dom.d.ts') ?? '');
  const language = declaredNames(files.library('lib.es5.d.ts') ?? '');
  const wanted = [...used].filter(
    ([name]) =>
      ((browser.has(name) ? !hasBrowser : isKnownGlobal(name)) || ofScripts.has(name)) &&
      !language.has(name) &&
      name !== 'JSX',
  );
  const jsx = declared.has('JSX') ? '' : `declare ${JSX_NAMESPACE}`;
  return globalsStub(new Map(wanted), declared) + jsx;
}

function merge(into: NameTree, from: NameTree): void {
  for (const [name, below] of from) {
    merge(addPath(into, [name]), below);
  }
}

function getOrAdd<T>(map: Map<string, T>, key: string, make: () => T): T {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

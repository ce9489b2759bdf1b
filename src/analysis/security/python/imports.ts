/** What an import statement binds, and the packages it names. */
export interface Imports {
  readonly bindings: readonly { readonly local: string; readonly path: string }[];
  readonly packages: readonly string[];
}

/** Reads `import a.b as c` and `from .a import (b, c as d)`; relative names keep their dots. */
export function readImports(statement: string): Imports {
  const source = statement.replace(/#[^\n]*/g, '').replace(/[\\()\s]+/g, ' ');
  const from = /^from\s+(\.*)\s*([\w.]*)\s+import\s+(.*)$/.exec(source);
  const names = (from ? (from[3] ?? '') : source.replace(/^import\s+/, ''))
    .split(',')
    .map((entry) => entry.trim().split(/\s+as\s+/))
    .map(([path = '', alias]) => ({ path, alias }))
    .filter(({ path }) => path !== '' && path !== '*');
  if (from) {
    const module = `${from[1] ?? ''}${from[2] ?? ''}`;
    const prefix = module.endsWith('.') ? module : `${module}.`;
    return {
      bindings: names.map(({ path, alias }) => ({
        local: alias ?? path,
        path: `${prefix}${path}`,
      })),
      packages: [rootOf(module) || '.'],
    };
  }
  return {
    bindings: names.map(({ path, alias }) =>
      alias === undefined ? { local: rootOf(path), path: rootOf(path) } : { local: alias, path },
    ),
    packages: names.map(({ path }) => rootOf(path)),
  };
}

const rootOf = (path: string): string => path.split('.')[0] ?? path;

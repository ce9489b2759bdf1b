const IMPORT = /^import (type )?(?:\{ (.+) \}|(\w+)) from '(.+)';$/;
const MAX_COLUMNS = 100;

interface Imported {
  names: Set<string>;
  isType: boolean;
  defaults: Set<string>;
}

/**
 * Joins import lines into one block: packages before the project's own files, by name; the names of one module
 * together, laid out as prettier does.
 */
export function mergeTypescriptImports(text: string): string {
  const modules = new Map<string, Imported>();
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, type, names, byDefault, module = ''] = IMPORT.exec(line) ?? [];
    if (names === undefined && byDefault === undefined) {
      throw new Error(`This is no import of a known form: ${line}`);
    }
    const known = modules.get(module) ?? { names: new Set(), isType: true, defaults: new Set() };
    names?.split(', ').forEach((name) => known.names.add(name));
    if (byDefault !== undefined) {
      known.defaults.add(byDefault);
    }
    known.isType &&= type !== undefined;
    modules.set(module, known);
  }
  return [...modules]
    .sort(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
    .map(([module, imported]) => toLine(module, imported))
    .join('');
}

function toLine(module: string, { names, isType, defaults }: Imported): string {
  const keyword = isType ? 'import type' : 'import';
  const sorted = [...names].sort((a, b) => (bare(a) < bare(b) ? -1 : 1));
  const start = [...defaults].map((name) => `${name}, `).join('');
  if (sorted.length === 0) {
    return `${keyword} ${[...defaults].join(', ')} from '${module}';\n`;
  }
  const line = `${keyword} ${start}{ ${sorted.join(', ')} } from '${module}';`;
  // One name alone stays on its line, however long that is.
  return line.length <= MAX_COLUMNS || sorted.length + defaults.size === 1
    ? `${line}\n`
    : `${keyword} ${start}{\n${sorted.map((name) => `  ${name},\n`).join('')}} from '${module}';\n`;
}

function rankOf(module: string): number {
  if (module.startsWith('node:')) {
    return 0;
  }
  return module.startsWith('.') ? (module.startsWith('..') ? 2 : 3) : 1;
}

function bare(name: string): string {
  return name.replace(/^type /, '').toLowerCase();
}

const FROM_IMPORT = /^from (\S+) import (.+)$/;

/**
 * Joins import lines into one block in the order that isort asks for: `import` before `from`, modules by name, names
 * of one module on one line (constants, classes, the rest). A renamed import keeps its line.
 */
export function mergePythonImports(text: string): string {
  const plain = new Set<string>();
  const namesByModule = new Map<string, Set<string>>();
  const renamed = new Map<string, string>();
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, module, names] = FROM_IMPORT.exec(line) ?? [];
    if (module === undefined || names === undefined) {
      plain.add(line);
    } else if (names.includes(' as ')) {
      renamed.set(line, module);
    } else {
      const known = namesByModule.get(module) ?? new Set();
      namesByModule.set(module, new Set([...known, ...names.split(', ')]));
    }
  }
  const froms = [
    ...[...namesByModule].map(([module, names]) => ({
      module,
      line: `from ${module} import ${[...names].sort(byKindThenName).join(', ')}`,
    })),
    ...[...renamed].map(([line, module]) => ({ module, line })),
  ].sort((a, b) => (a.module < b.module ? -1 : 1));
  return [...[...plain].sort(), ...froms.map(({ line }) => line)]
    .map((each) => `${each}\n`)
    .join('');
}

function byKindThenName(a: string, b: string): number {
  return kindOf(a) - kindOf(b) || (a < b ? -1 : 1);
}

function kindOf(name: string): number {
  if (/^[A-Z][A-Z0-9_]*$/.test(name)) {
    return 0;
  }
  return /^[A-Z]/.test(name) ? 1 : 2;
}

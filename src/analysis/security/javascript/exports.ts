import ts from 'typescript';

/** Names that leave the file: `export { x }`, `module.exports = { x }`, `exports.x = x`. */
export function exportedNames(file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const words = (text: string): void => {
    for (const word of text.match(/[A-Za-z_$][\w$]*/g) ?? []) {
      names.add(word);
    }
  };
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause) {
      words(statement.exportClause.getText(file));
    } else if (ts.isExportAssignment(statement)) {
      words(statement.expression.getText(file));
    } else if (ts.isExpressionStatement(statement)) {
      const text = statement.expression.getText(file);
      if (/^(module\.)?exports\b/.test(text)) {
        words(text.slice(0, 20_000));
      }
    }
  }
  // Inside a function that wraps the file, and the methods of its classes of old.
  for (const match of file.text.matchAll(/(?:\bexports|\.prototype)\.([A-Za-z_$][\w$]*)\s*=/g)) {
    names.add(match[1] ?? '');
  }
  return names;
}

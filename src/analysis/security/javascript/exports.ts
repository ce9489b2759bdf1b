import type TS from 'typescript';
import { DEFAULT_EXPORT, type ExportIr } from '../ir/ir.js';
import { ts } from './typescript.js';

/** What a file exports by `export`. */
export function exportsOf(file: TS.SourceFile): readonly ExportIr[] {
  return file.statements.flatMap((statement): ExportIr[] => {
    if (ts.isExportAssignment(statement)) {
      return [{ name: 'default', local: DEFAULT_EXPORT }];
    }
    if (ts.isExportDeclaration(statement)) {
      return declared(statement);
    }
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const has = (kind: TS.SyntaxKind): boolean => modifiers.some((m) => m.kind === kind);
    if (!has(ts.SyntaxKind.ExportKeyword)) {
      return [];
    }
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) =>
        ts.isIdentifier(name) ? [{ name: name.text, local: name.text }] : [],
      );
    }
    if (!ts.isFunctionDeclaration(statement) && !ts.isClassDeclaration(statement)) {
      return [];
    }
    const local = statement.name?.text ?? DEFAULT_EXPORT;
    return [{ name: has(ts.SyntaxKind.DefaultKeyword) ? 'default' : local, local }];
  });
}

function declared({ exportClause, moduleSpecifier }: TS.ExportDeclaration): ExportIr[] {
  const from =
    moduleSpecifier && ts.isStringLiteralLike(moduleSpecifier) ? moduleSpecifier.text : null;
  if (!exportClause) {
    return from === null ? [] : [{ name: null, from, imported: null }];
  }
  if (ts.isNamespaceExport(exportClause)) {
    return from === null ? [] : [{ name: exportClause.name.text, from, imported: null }];
  }
  return exportClause.elements.map(({ name, propertyName }): ExportIr => {
    const inner = (propertyName ?? name).text;
    return from === null
      ? { name: name.text, local: inner }
      : { name: name.text, from, imported: inner };
  });
}

/** Names that leave the file: `export { x }`, `module.exports = { x }`, `exports.x = x`. */
export function exportedNames(file: TS.SourceFile): ReadonlySet<string> {
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

import type TS from 'typescript';
import { ts } from './typescript.js';

/** `node:fs/promises` and `fs` name the same module as far as rules care: the path uses dots. */
export function modulePath(specifier: string): string {
  const bare = specifier.replace(/^(node:|mz\/)/, '');
  return bare.startsWith('.') || bare.startsWith('@') ? bare : bare.replace(/\/promises?$/, '');
}

/** The module that `require('x')` or `await import('x')` loads, null for any other expression. */
export function requiredModule(node: TS.Expression): string | null {
  const inner =
    ts.isAwaitExpression(node) || ts.isPropertyAccessExpression(node) ? node.expression : node;
  if (!ts.isCallExpression(inner)) {
    return null;
  }
  const [first] = inner.arguments;
  const loads =
    inner.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(inner.expression) && inner.expression.text === 'require');
  return loads && first && ts.isStringLiteralLike(first) ? first.text : null;
}

/** What an import declaration binds, as canonical paths: `import { exec as e } from 'child_process'` is `child_process.exec`. */
export function moduleBindings(
  node: TS.ImportDeclaration | TS.ImportEqualsDeclaration,
): { local: string; path: string }[] {
  if (ts.isImportEqualsDeclaration(node)) {
    const reference = node.moduleReference;
    return ts.isExternalModuleReference(reference) && ts.isStringLiteralLike(reference.expression)
      ? [{ local: node.name.text, path: modulePath(reference.expression.text) }]
      : [];
  }
  const { importClause, moduleSpecifier } = node;
  if (!importClause || !ts.isStringLiteralLike(moduleSpecifier)) {
    return [];
  }
  const path = modulePath(moduleSpecifier.text);
  const bindings: { local: string; path: string }[] = [];
  if (importClause.name) {
    bindings.push({ local: importClause.name.text, path });
  }
  const named = importClause.namedBindings;
  if (named && ts.isNamespaceImport(named)) {
    bindings.push({ local: named.name.text, path });
  } else if (named) {
    for (const element of named.elements) {
      const imported = (element.propertyName ?? element.name).text;
      bindings.push({
        local: element.name.text,
        path: imported === 'default' ? path : `${path}.${imported}`,
      });
    }
  }
  return bindings;
}

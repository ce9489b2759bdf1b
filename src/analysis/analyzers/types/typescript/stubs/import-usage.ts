import ts from 'typescript';
import { JAVASCRIPT } from '../tree-paths.js';

/** Names below names: `React.FC` and `React.JSX.Element` are `React -> FC, JSX -> Element`. */
export type NameTree = Map<string, NameTree>;

/** How one file uses one module. */
export interface ModuleUsage {
  specifier: string;
  /** Used as one value (`import * as x`, `import x = require()`, `import()`), not name by name. */
  asWhole: boolean;
  byName: boolean;
  /** All of it is exported again. */
  isStarred: boolean;
  names: NameTree;
  /** Of the interfaces and classes that the file adds to. */
  augmented: ReadonlySet<string>;
}

export interface FileUsage {
  modules: ReadonlyMap<string, ModuleUsage>;
  /** Names that stand for nothing in the file itself: global, or misspelt. */
  globals: NameTree;
  /** What it declares for all files: by name; inside namespaces, their names. */
  declares: NameTree;
}

type Binding = { specifier: string; path: string[] };
type Mutable = ModuleUsage & { augmented: Set<string> };

/** What makes a module of JavaScript that neither imports nor exports: the compiler knows CommonJS by itself. */
const COMMON_JS = /\bmodule\.exports\b|\bexports\.[\w$]+\s*=|\brequire\s*\(/;

/** Whether what a file declares is there for itself alone. */
export function isModule(file: ts.SourceFile): boolean {
  return ts.isExternalModule(file) || (JAVASCRIPT.test(file.fileName) && COMMON_JS.test(file.text));
}

/** Finds what a file asks of each module, so that a stub of a missing one can have it. */
export function usageOf(file: ts.SourceFile): FileUsage {
  const modules = new Map<string, Mutable>();
  const bindings = new Map<string, Binding>();
  const globals: NameTree = new Map();
  const declares: NameTree = new Map();
  const moduleOf = (specifier: string): Mutable => {
    const known = modules.get(specifier);
    if (known) {
      return known;
    }
    const made: Mutable = {
      specifier,
      asWhole: false,
      byName: false,
      isStarred: false,
      names: new Map(),
      augmented: new Set(),
    };
    modules.set(specifier, made);
    return made;
  };
  const bind = (local: string, specifier: string, path: string[]) => {
    bindings.set(local, { specifier, path });
    addPath(moduleOf(specifier).names, path);
  };
  const isScript = !isModule(file);
  const queue: ts.Node[] = [file];
  const chains: ts.Node[] = [];
  // Not recursive: hostile code nests deeper than a stack.
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    visitImport(node, moduleOf, bind);
    if (ts.isModuleDeclaration(node)) {
      visitDeclaration(node, isScript, moduleOf, declares);
    } else if (ts.isQualifiedName(node) || ts.isPropertyAccessExpression(node)) {
      chains.push(node);
    } else if (ts.isIdentifier(node)) {
      addPath(globals, [node.text]);
    }
    ts.forEachChild(node, (child) => {
      queue.push(child);
    });
  }
  if (isScript) {
    declareAll(file.statements, declares);
  }
  for (const chain of chains) {
    const [root, ...path] = pathOf(chain);
    const binding = root === undefined ? undefined : bindings.get(root);
    if (binding) {
      // Members of values are values of any kind: only a module's own are names that its stub must have.
      const isType = ts.isQualifiedName(chain) || isInHeritage(chain);
      const whole = [...binding.path, ...path];
      addPath(moduleOf(binding.specifier).names, isType ? whole : whole.slice(0, 1));
    } else if (root !== undefined && ts.isQualifiedName(chain)) {
      addPath(globals, [root, ...path]);
    }
  }
  return { modules, globals, declares };
}

function visitImport(
  node: ts.Node,
  moduleOf: (specifier: string) => Mutable,
  bind: (local: string, specifier: string, path: string[]) => void,
): void {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const module = moduleOf(node.moduleSpecifier.text);
    const { name, namedBindings } = node.importClause ?? {};
    if (name) {
      module.byName = true;
      bind(name.text, module.specifier, ['default']);
    }
    if (namedBindings && ts.isNamespaceImport(namedBindings)) {
      module.asWhole = true;
      bind(namedBindings.name.text, module.specifier, []);
    } else if (namedBindings) {
      module.byName = true;
      for (const element of namedBindings.elements) {
        const imported = (element.propertyName ?? element.name).text;
        bind(element.name.text, module.specifier, [imported]);
      }
    }
  } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    visitExport(node, moduleOf);
  } else if (
    ts.isImportEqualsDeclaration(node) &&
    ts.isExternalModuleReference(node.moduleReference) &&
    ts.isStringLiteralLike(node.moduleReference.expression)
  ) {
    const module = moduleOf(node.moduleReference.expression.text);
    module.asWhole = true;
    bind(node.name.text, module.specifier, []);
  } else if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  ) {
    const module = moduleOf(node.argument.literal.text);
    module.asWhole = true;
    addPath(module.names, node.qualifier ? pathOf(node.qualifier) : []);
  } else if (ts.isCallExpression(node)) {
    const [argument] = node.arguments;
    const { expression } = node;
    const loads =
      expression.kind === ts.SyntaxKind.ImportKeyword ||
      (ts.isIdentifier(expression) && expression.text === 'require');
    if (loads && argument && ts.isStringLiteralLike(argument)) {
      moduleOf(argument.text).asWhole = true;
    }
  }
}

function visitExport(
  { moduleSpecifier, exportClause }: ts.ExportDeclaration,
  moduleOf: (specifier: string) => Mutable,
): void {
  if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) {
    return;
  }
  const module = moduleOf(moduleSpecifier.text);
  if (!exportClause) {
    module.byName = true;
    module.isStarred = true;
  } else if (ts.isNamespaceExport(exportClause)) {
    module.asWhole = true;
  } else {
    module.byName = true;
    for (const element of exportClause.elements) {
      addPath(module.names, [(element.propertyName ?? element.name).text]);
    }
  }
}

/** `declare module 'x'` in a module adds to it; `declare global`, and anything in a script, is there for all files. */
function visitDeclaration(
  node: ts.ModuleDeclaration,
  isScript: boolean,
  moduleOf: (specifier: string) => Mutable,
  declares: NameTree,
): void {
  const body = node.body && ts.isModuleBlock(node.body) ? node.body.statements : [];
  if (ts.isStringLiteral(node.name) && !isScript) {
    const { augmented } = moduleOf(node.name.text);
    for (const statement of body) {
      for (const name of declaredBy(statement)) {
        augmented.add(name);
      }
    }
  } else if ((node.flags & ts.NodeFlags.GlobalAugmentation) !== 0) {
    declareAll(body, declares);
  }
}

/** What statements declare for their surroundings. */
export function topLevelNames(statements: readonly ts.Statement[]): string[] {
  return statements.flatMap(declaredBy);
}

function declareAll(statements: readonly ts.Statement[], declares: NameTree): void {
  for (const statement of statements) {
    for (const name of declaredBy(statement)) {
      const below = addPath(declares, [name]);
      if (ts.isModuleDeclaration(statement) && statement.body) {
        const inner = ts.isModuleBlock(statement.body) ? statement.body.statements : [];
        topLevelNames(inner).forEach((each) => addPath(below, [each]));
      }
    }
  }
}

function declaredBy(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  }
  const isNamed =
    ts.isInterfaceDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement);
  return isNamed && statement.name && ts.isIdentifier(statement.name) ? [statement.name.text] : [];
}

/** `a.b.c` as its names; empty where anything but names is in it. */
function pathOf(node: ts.Node): string[] {
  const path: string[] = [];
  let current = node;
  while (ts.isQualifiedName(current) || ts.isPropertyAccessExpression(current)) {
    const right = ts.isQualifiedName(current) ? current.right : current.name;
    path.unshift(right.text);
    current = ts.isQualifiedName(current) ? current.left : current.expression;
    if (path.length > 8) {
      return [];
    }
  }
  return ts.isIdentifier(current) ? [current.text, ...path] : [];
}

function isInHeritage(node: ts.Node): boolean {
  return ts.isExpressionWithTypeArguments(node.parent) && ts.isHeritageClause(node.parent.parent);
}

/** @returns what is below the last name */
export function addPath(tree: NameTree, path: readonly string[]): NameTree {
  let current = tree;
  for (const name of path) {
    const next: NameTree = current.get(name) ?? new Map<string, NameTree>();
    current.set(name, next);
    current = next;
  }
  return current;
}

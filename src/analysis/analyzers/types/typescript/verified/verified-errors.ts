import ts from 'typescript';
import { adviceFor } from './error-codes.js';
import { isKnownGlobal } from './known-globals.js';
import { isExpectedByMissing, isOfStub, namesCalculated } from './missing-arguments.js';
import {
  hasUnknownBase,
  isIndexedByMissing,
  isNarrowedByMissing,
  isSpreadOfUnknown,
  isSwitchedByMissing,
  isWholeUnknown,
} from './missing-types.js';
import { JAVASCRIPT, STUBS } from '../tree-paths.js';

/**
 * What these say of types isn't sure without the packages: timers are objects in Node and numbers in browsers; newer
 * versions of TypeScript tell kinds of binary data apart; `unknown`, `{}` and `never` come out where a type argument
 * could not be inferred from what is missing.
 */
const UNSURE: readonly RegExp[] = [
  /^Property '(ref|unref|hasRef|refresh|close)' does not exist on type 'number'/,
  // CommonJS's own `module`.
  /does not exist on type '\{ exports: /,
  /^Property '.*' does not exist on type '(unknown|never|\{\})'/,
  /^(Type|Argument of type) '.*\b(unknown|never)\b.*' is not assignable/,
  /^(Type|Argument of type) '.*\{\}.*' is not assignable/,
];

/** Said in the lines that explain the first one. */
const UNSURE_ANYWHERE = /ArrayBufferLike|SharedArrayBuffer/;

/** Of `const { a } = require('gone')`: a stub that is one value has no names. */
const NOT_EXPORTED = 2305;
/** Of a parameter property in a field's initialiser: Angular's builder sets fields after them, whatever the target. */
const USED_BEFORE = 2729;
const ANGULAR = /from ['"]@angular\//;
const CANNOT_FIND_NAME = new Set([2304, 2552]);
const LACKS_RETURN = new Set([2366, 2355]);
const IS_UNKNOWN = new Set([2571, 18046]);
/** Said of a type that the project only adds to. */
const NEEDS_WHOLE_TYPE = new Set([2315, 2339, 2551]);
/** Of what is handed over, and what was expected. */
const UNFIT = new Set([
  2322, 2344, 2345, 2352, 2353, 2554, 2555, 2559, 2561, 2739, 2740, 2741, 2769,
]);
/** A class that fails to fit may get what is missing from a base that isn't here. */
const MISSING_MEMBERS = new Set([2322, 2345, 2416, 2420, 2430, 2559, 2739, 2740, 2741, 2769]);

/** Whether an error says something of the code, and not of what is missing around it. */
export function isVerified(
  error: ts.Diagnostic,
  source: ts.SourceFile,
  checker: ts.TypeChecker,
): boolean {
  if (error.category !== ts.DiagnosticCategory.Error || adviceFor(error.code) === undefined) {
    return false;
  }
  const text = ts.flattenDiagnosticMessageText(error.messageText, '\n');
  const [firstLine = ''] = text.split('\n', 1);
  const isUnsure =
    UNSURE_ANYWHERE.test(text) ||
    namesCalculated(text) ||
    UNSURE.some((pattern) => pattern.test(firstLine));
  if (isUnsure || namesStub(error)) {
    return false;
  }
  const node = nodeAt(source, error.start ?? 0, error.length ?? 0);
  if (CANNOT_FIND_NAME.has(error.code)) {
    return !isKnownGlobal(node.getText(source));
  }
  if (error.code === NOT_EXPORTED && JAVASCRIPT.test(source.fileName)) {
    return false;
  }
  if (error.code === USED_BEFORE && ANGULAR.test(source.text)) {
    return false;
  }
  if (LACKS_RETURN.has(error.code) && isSwitchedByMissing(node, checker)) {
    return false;
  }
  if (
    NEEDS_WHOLE_TYPE.has(error.code) &&
    involved(node).some((part) => isOfStub(part, checker) || isSpreadOfUnknown(part, checker))
  ) {
    return false;
  }
  if (UNFIT.has(error.code) && isExpectedByMissing(node, checker)) {
    return false;
  }
  if (IS_UNKNOWN.has(error.code) && !isSaidUnknown(node, checker)) {
    return false;
  }
  if (MISSING_MEMBERS.has(error.code) && involved(node).some((n) => hasUnknownBase(n, checker))) {
    return false;
  }
  if (isMemberOfUnknown(node, checker)) {
    return false;
  }
  return !involved(node).some(
    (part) => isIndexedByMissing(part, checker) || isNarrowedByMissing(part, checker),
  );
}

/** Whether another place that it names is a stub's. */
function namesStub(error: ts.Diagnostic): boolean {
  return (error.relatedInformation ?? []).some(({ file }) => file?.fileName.startsWith(STUBS));
}

/** Whether somebody wrote that the value is unknown, or caught it; else it came out so. */
function isSaidUnknown(node: ts.Node, checker: ts.TypeChecker): boolean {
  const declaration = ts.isIdentifier(node)
    ? checker.getSymbolAtLocation(node)?.valueDeclaration
    : undefined;
  if (!declaration || !(ts.isVariableDeclaration(declaration) || ts.isParameter(declaration))) {
    return false;
  }
  return ts.isCatchClause(declaration.parent) || declaration.type?.kind === UNKNOWN;
}

const UNKNOWN = ts.SyntaxKind.UnknownKeyword;

/** A member of a type parameter that is bound by what is missing. */
function isMemberOfUnknown(node: ts.Node, checker: ts.TypeChecker): boolean {
  const { parent } = node;
  return (
    ts.isPropertyAccessExpression(parent) &&
    parent.name === node &&
    isWholeUnknown(checker.getTypeAtLocation(parent.expression), checker)
  );
}

/** The parts of the code that the error is about: the node, and what it is taken from or given to. */
function involved(node: ts.Node): ts.Node[] {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return [parent.expression];
  }
  if (ts.isBindingElement(parent)) {
    return [parent.parent];
  }
  const isTarget =
    (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) && parent.name === node;
  return isTarget && parent.initializer ? [node, parent.initializer] : [node, ...valueOf(node)];
}

/** What a statement or an assignment hands over. */
function valueOf(node: ts.Node): ts.Node[] {
  const holder = ts.isReturnStatement(node) ? node : node.parent;
  if (ts.isReturnStatement(holder)) {
    return holder.expression ? [holder.expression] : [];
  }
  if (ts.isBinaryExpression(holder) || ts.isPropertyAssignment(holder)) {
    return [ts.isBinaryExpression(holder) ? holder.right : holder.initializer];
  }
  return [];
}

function nodeAt(source: ts.SourceFile, start: number, length: number): ts.Node {
  let found: ts.Node = source;
  for (let next: ts.Node | undefined = source; next !== undefined;) {
    found = next;
    next = ts.forEachChild(found, (child) =>
      child.getStart(source) <= start && child.end >= start + length ? child : undefined,
    );
  }
  return found;
}

import ts from 'typescript';

const MAX_DEPTH = 4;
const MAX_NODES = 20_000;

/** Whether the type of a value, or of what is spread into it, builds on a class or an interface that isn't here. */
export function hasUnknownBase(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.some((property) =>
      hasUnknownBase(
        ts.isSpreadAssignment(property)
          ? property.expression
          : ts.isPropertyAssignment(property)
            ? property.initializer
            : property,
        checker,
      ),
    );
  }
  return isBuiltOnUnknown(checker.getTypeAtLocation(node), checker, MAX_DEPTH);
}

function isBuiltOnUnknown(type: ts.Type, checker: ts.TypeChecker, depth: number): boolean {
  if (depth === 0) {
    return false;
  }
  if (type.isUnionOrIntersection()) {
    return type.types.some((part) => isBuiltOnUnknown(part, checker, depth - 1));
  }
  const bases = (type.symbol?.declarations ?? []).flatMap((declaration) =>
    ts.isClassLike(declaration) || ts.isInterfaceDeclaration(declaration)
      ? (declaration.heritageClauses ?? []).flatMap((clause) => [...clause.types])
      : [],
  );
  const typeArguments = checker.getTypeArguments(type as ts.TypeReference);
  return (
    bases.some((base) => {
      const of = checker.getTypeAtLocation(base);
      return isAny(of) || isBuiltOnUnknown(of, checker, depth - 1);
    }) || typeArguments.some((argument) => isBuiltOnUnknown(argument, checker, depth - 1))
  );
}

/** Whether a value was made by `{ ...of }` what builds on something missing: its members are lost there. */
export function isSpreadOfUnknown(node: ts.Node, checker: ts.TypeChecker): boolean {
  const symbol = checker.getTypeAtLocation(node).symbol as ts.Symbol | undefined;
  return (symbol?.declarations ?? [])
    .filter(ts.isObjectLiteralExpression)
    .flatMap(({ properties }) => [...properties])
    .filter(ts.isSpreadAssignment)
    .some(({ expression }) => hasUnknownBase(expression, checker));
}

/** A type parameter whose bound is missing, or made of what is: `S extends z.ZodType`, `T extends Partial<User>`. */
export function isWholeUnknown(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (!type.isTypeParameter()) {
    return false;
  }
  const [declaration] = type.symbol.declarations ?? [];
  const bound =
    declaration && ts.isTypeParameterDeclaration(declaration) ? declaration.constraint : undefined;
  const parts =
    bound && ts.isTypeReferenceNode(bound) ? [bound, ...(bound.typeArguments ?? [])] : [bound];
  return parts.some((part) => part !== undefined && isAny(checker.getTypeFromTypeNode(part)));
}

/**
 * Whether the function around asks something missing what a value is: `x instanceof Missing`, `isMissing(x)`,
 * `x?.id === missing`. With the package present that would narrow the value's type.
 */
export function isNarrowedByMissing(node: ts.Node, checker: ts.TypeChecker): boolean {
  const names = new Set<string>();
  walk(node, (part) => {
    if (ts.isIdentifier(part)) {
      names.add(part.text);
    }
  });
  const around = ts.findAncestor(node, ts.isFunctionLike) ?? node.getSourceFile();
  let isNarrowed = false;
  walk(around, (part) => {
    if (!isNarrowed) {
      const question = questionOf(part);
      isNarrowed =
        question !== null &&
        names.has(question.subject) &&
        isAny(checker.getTypeAtLocation(question.by));
    }
  });
  return isNarrowed;
}

/** Whether a value was looked up by a key of a missing type: with it, the key may well be one that is always there. */
export function isIndexedByMissing(node: ts.Node, checker: ts.TypeChecker): boolean {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : ts.isIdentifier(node)
      ? checker.getSymbolAtLocation(node)
      : undefined;
  const declaration = symbol?.valueDeclaration;
  const from =
    declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : node;
  return resultsOf(from).some(
    (result) =>
      ts.isElementAccessExpression(result) &&
      isAny(checker.getTypeAtLocation(result.argumentExpression)),
  );
}

/** What an expression may come to, by its branches. */
function resultsOf(node: ts.Node | undefined): ts.Node[] {
  if (node === undefined) {
    return [];
  }
  if (ts.isConditionalExpression(node)) {
    return [...resultsOf(node.whenTrue), ...resultsOf(node.whenFalse)];
  }
  return ts.isParenthesizedExpression(node) ? resultsOf(node.expression) : [node];
}

/** Whether the function around chooses by something missing: with it, the cases may well be all there are. */
export function isSwitchedByMissing(node: ts.Node, checker: ts.TypeChecker): boolean {
  let isFound = false;
  walk(ts.findAncestor(node, ts.isFunctionLike) ?? node, (part) => {
    isFound ||= ts.isSwitchStatement(part) && isAny(checker.getTypeAtLocation(part.expression));
  });
  return isFound;
}

interface Question {
  subject: string;
  by: ts.Node;
}

/** What is asked about, and by what. */
function questionOf(node: ts.Node): Question | null {
  if (ts.isBinaryExpression(node)) {
    const { left, right, operatorToken } = node;
    if (operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) {
      return question(left, right);
    }
    if (!EQUALITY.has(operatorToken.kind)) {
      return null;
    }
    return question(left, right) ?? question(right, left);
  }
  if (ts.isIfStatement(node)) {
    return mayLeave(node);
  }
  const [argument] = ts.isCallExpression(node) && mayNarrow(node) ? node.arguments : [];
  return ts.isCallExpression(node) && argument ? question(argument, node.expression) : null;
}

/** `if (x.failed) fail();`: what is missing may be known never to return. */
function mayLeave({ expression, thenStatement }: ts.IfStatement): Question | null {
  const last = ts.isBlock(thenStatement) ? thenStatement.statements.at(-1) : thenStatement;
  const call = last && ts.isExpressionStatement(last) ? last.expression : undefined;
  const about = ts.isPrefixUnaryExpression(expression) ? expression.operand : expression;
  return call && ts.isCallExpression(call) ? question(about, call.expression) : null;
}

/** As a condition, or as an assertion. */
function mayNarrow(call: ts.CallExpression): boolean {
  const { parent } = call;
  return ts.isExpressionStatement(parent)
    ? /assert|invariant|expect|ensure|check|\bok$/i.test(call.expression.getText())
    : ts.isIfStatement(parent) ||
        ts.isConditionalExpression(parent) ||
        ts.isPrefixUnaryExpression(parent) ||
        ts.isBinaryExpression(parent) ||
        ts.isWhileStatement(parent);
}

const EQUALITY = new Set<ts.SyntaxKind>([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

function question(about: ts.Node, by: ts.Node): Question | null {
  let root = about;
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) {
    const isOwn = root.expression.kind === ts.SyntaxKind.ThisKeyword;
    if (isOwn && ts.isPropertyAccessExpression(root)) {
      return { subject: root.name.text, by };
    }
    root = root.expression;
  }
  return ts.isIdentifier(root) ? { subject: root.text, by } : null;
}

function isAny(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Any) !== 0;
}

function walk(root: ts.Node, visit: (node: ts.Node) => void): void {
  const queue = [root];
  for (let count = 0; count < MAX_NODES; count += 1) {
    const node = queue.pop();
    if (node === undefined) {
      return;
    }
    visit(node);
    ts.forEachChild(node, (child) => {
      queue.push(child);
    });
  }
}

import ts from 'typescript';
import { STUBS } from '../tree-paths.js';

const MAX_DEPTH = 4;
const MAX_NODES = 2_000;
const MAX_PROPERTIES = 50;

/** What TypeScript makes of `any` where a type is calculated from one that isn't here. */
const CALCULATED =
  /\b(Pick|Omit|Exclude|Extract|Partial|Required|Readonly|Record|Parameters|ReturnType|InstanceType|Awaited|ConstructorParameters|NonNullable|NoInfer)<any\b/;

export function namesCalculated(message: string): boolean {
  return CALCULATED.test(message);
}

/**
 * Whether what is expected at a place was calculated from something missing: `eq<z.infer<typeof s>, string>(true)`,
 * or a return type of `Pick<Missing, 'a'>`. Such a type says nothing of what it would be with the package present.
 */
export function isExpectedByMissing(node: ts.Node, checker: ts.TypeChecker): boolean {
  return expectations(node, checker).some((type) => isCalculatedFromMissing(type, checker));
}

/** Whether a type's name stands for a stub, or for a stub and what the project adds to it. */
export function isOfStub(node: ts.Node, checker: ts.TypeChecker): boolean {
  const symbol = checker.getTypeAtLocation(node).symbol as ts.Symbol | undefined;
  return isStub(symbol) || isStub(symbolAt(node, checker));
}

function isStub(symbol: ts.Symbol | undefined): boolean {
  return (symbol?.declarations ?? []).some((declaration) =>
    declaration.getSourceFile().fileName.startsWith(STUBS),
  );
}

interface Expectation {
  type: ts.TypeNode;
  /** An argument of a function's: it counts in itself, and not only where something is calculated from it. */
  isArgument: boolean;
}

/** The types that somebody wrote down for a place: those of the statement around, up to the next function. */
function expectations(node: ts.Node, checker: ts.TypeChecker): Expectation[] {
  const found: Expectation[] = [];
  const add = (type: ts.TypeNode | undefined, isArgument = false) => {
    if (type) {
      found.push({ type, isArgument });
    }
  };
  let isReturned = false;
  for (let at = node, below = node; ; below = at, at = at.parent) {
    if (ts.isTypeNode(at)) {
      add(at);
    }
    if (ts.isCallExpression(at) || ts.isNewExpression(at)) {
      at.typeArguments?.forEach((type) => add(type, true));
      const index = at.arguments?.findIndex((argument) => argument === below) ?? -1;
      const parameters = checker.getResolvedSignature(at)?.getDeclaration()?.parameters;
      add(index === -1 ? undefined : parameters?.[index]?.type);
    } else if (ts.isBinaryExpression(at)) {
      add(declaredType(at.left, checker));
    } else if (
      ts.isVariableDeclaration(at) ||
      ts.isPropertyDeclaration(at) ||
      ts.isAsExpression(at) ||
      ts.isSatisfiesExpression(at) ||
      ts.isParameter(at)
    ) {
      add(at.type);
    } else if (ts.isReturnStatement(at)) {
      isReturned = true;
    } else if (ts.isFunctionLike(at)) {
      add(isReturned || (ts.isArrowFunction(at) && at.body === below) ? at.type : undefined);
      return found;
    } else if (ts.isSourceFile(at)) {
      return found;
    }
  }
}

function declaredType(node: ts.Node, checker: ts.TypeChecker): ts.TypeNode | undefined {
  const declaration = symbolAt(node, checker)?.valueDeclaration;
  return declaration &&
    (ts.isVariableDeclaration(declaration) ||
      ts.isParameter(declaration) ||
      ts.isPropertyDeclaration(declaration) ||
      ts.isPropertySignature(declaration))
    ? declaration.type
    : undefined;
}

function isCalculatedFromMissing(
  { type, isArgument }: Expectation,
  checker: ts.TypeChecker,
): boolean {
  if (isArgument && holdsAny(checker.getTypeFromTypeNode(type), checker, MAX_DEPTH)) {
    return true;
  }
  const seen = new Set<ts.Node>();
  const queue: ts.Node[] = [type];
  for (let node = queue.pop(); node !== undefined && seen.size < MAX_NODES; node = queue.pop()) {
    if (seen.has(node)) {
      continue;
    }
    seen.add(node);
    if (ts.isTypeReferenceNode(node)) {
      const alias = aliasAt(node, checker);
      const given = node.typeArguments ?? [];
      const isFromAny = given.some((argument) =>
        holdsAny(checker.getTypeFromTypeNode(argument), checker, MAX_DEPTH),
      );
      if (alias && isFromAny) {
        return true;
      }
      if (alias) {
        queue.push(alias.type);
      }
    } else if (ts.isConditionalTypeNode(node) || ts.isMappedTypeNode(node)) {
      const from = ts.isConditionalTypeNode(node) ? node.checkType : node.typeParameter.constraint;
      if (from && holdsAny(checker.getTypeFromTypeNode(from), checker, MAX_DEPTH)) {
        return true;
      }
    }
    ts.forEachChild(node, (child) => {
      queue.push(child);
    });
  }
  return false;
}

/** The alias that a reference leads to; `undefined`: a class or an interface, which is what it is. */
function aliasAt(
  node: ts.TypeReferenceNode,
  checker: ts.TypeChecker,
): ts.TypeAliasDeclaration | undefined {
  return symbolAt(node.typeName, checker)?.declarations?.find(ts.isTypeAliasDeclaration);
}

function holdsAny(type: ts.Type, checker: ts.TypeChecker, depth: number): boolean {
  if ((type.flags & ts.TypeFlags.Any) !== 0) {
    return true;
  }
  if (depth === 0) {
    return false;
  }
  if (type.isUnionOrIntersection()) {
    return type.types.some((part) => holdsAny(part, checker, depth - 1));
  }
  const inside = [
    ...(type.aliasTypeArguments ?? []),
    ...checker.getTypeArguments(type as ts.TypeReference),
    ...(isPlain(type)
      ? type
          .getProperties()
          .slice(0, MAX_PROPERTIES)
          .map((property) => checker.getTypeOfSymbol(property))
      : []),
  ];
  return inside.some((part) => holdsAny(part, checker, depth - 1));
}

/** `{ a: string }`, and not what the language or a class declares: those hold `any` all over. */
function isPlain(type: ts.Type): boolean {
  const name = type.symbol as ts.Symbol | undefined;
  return (type.flags & ts.TypeFlags.Object) !== 0 && name?.name === '__type';
}

function symbolAt(node: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(node);
  return symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0
    ? checker.getAliasedSymbol(symbol)
    : symbol;
}

import ts from 'typescript';
import { concatenation, literal, name, opaque } from '../ir/build.js';
import {
  type Argument,
  type ClassIr,
  type Expression,
  type FunctionIr,
  MAX_DEPTH,
  type ObjectEntry,
} from '../ir/ir.js';

const { SyntaxKind } = ts;

/** What expressions need of the statements' side: the bodies inside them. */
export interface BodyLowering {
  fn(node: ts.FunctionLikeDeclaration): FunctionIr;
  classOf(node: ts.ClassLikeDeclaration): ClassIr;
}

const BINARY_NAMES: Readonly<Record<number, string>> = {
  [SyntaxKind.EqualsEqualsToken]: '==',
  [SyntaxKind.EqualsEqualsEqualsToken]: '==',
  [SyntaxKind.ExclamationEqualsToken]: '!=',
  [SyntaxKind.ExclamationEqualsEqualsToken]: '!=',
  [SyntaxKind.InKeyword]: 'in',
  [SyntaxKind.InstanceOfKeyword]: 'instanceof',
};

/** Lowers JavaScript and TypeScript expressions; types are dropped. */
export class JavaScriptExpressions {
  private depth = 0;

  constructor(
    private readonly file: ts.SourceFile,
    private readonly bodies: BodyLowering,
  ) {}

  at(node: ts.Node): { start: number; end: number } {
    return { start: node.getStart(this.file), end: node.end };
  }

  lower(node: ts.Expression): Expression {
    if (this.depth >= MAX_DEPTH) {
      return opaque(this.at(node));
    }
    this.depth += 1;
    try {
      return this.dispatch(node);
    } finally {
      this.depth -= 1;
    }
  }

  private dispatch(node: ts.Expression): Expression {
    const at = this.at(node);
    if (ts.isIdentifier(node)) {
      return node.text === 'undefined' ? literal(at, null) : name(at, node.text);
    }
    if (ts.isStringLiteralLike(node)) {
      return literal(at, node.text);
    }
    if (ts.isNumericLiteral(node)) {
      return literal(at, Number(node.text));
    }
    if (ts.isTemplateExpression(node)) {
      return { kind: 'text', how: 'template', parts: this.templateParts(node), ...at };
    }
    if (ts.isPropertyAccessExpression(node)) {
      return {
        kind: 'member',
        object: this.lower(node.expression),
        property: node.name.text,
        ...at,
      };
    }
    if (ts.isElementAccessExpression(node)) {
      const object = this.lower(node.expression);
      return ts.isStringLiteralLike(node.argumentExpression)
        ? { kind: 'member', object, property: node.argumentExpression.text, ...at }
        : { kind: 'index', object, index: this.lower(node.argumentExpression), ...at };
    }
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      return {
        kind: 'call',
        callee: this.lower(node.expression),
        args: this.args(node.arguments ?? []),
        ...(ts.isNewExpression(node) ? { isNew: true } : {}),
        ...at,
      };
    }
    if (ts.isBinaryExpression(node)) {
      return this.binary(node);
    }
    if (
      ts.isParenthesizedExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isNonNullExpression(node) ||
      ts.isSatisfiesExpression(node) ||
      ts.isTypeAssertionExpression(node)
    ) {
      return this.lower(node.expression);
    }
    if (ts.isObjectLiteralExpression(node)) {
      return { kind: 'object', entries: this.entries(node), ...at };
    }
    if (ts.isArrayLiteralExpression(node)) {
      return { kind: 'list', items: node.elements.map((item) => this.lower(item)), ...at };
    }
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      return { kind: 'function', fn: this.bodies.fn(node), ...at };
    }
    if (ts.isClassExpression(node)) {
      return { kind: 'class', declaration: this.bodies.classOf(node), ...at };
    }
    return this.rarer(node);
  }

  private rarer(node: ts.Expression): Expression {
    const at = this.at(node);
    if (ts.isConditionalExpression(node)) {
      return {
        kind: 'conditional',
        test: this.lower(node.condition),
        then: this.lower(node.whenTrue),
        otherwise: this.lower(node.whenFalse),
        ...at,
      };
    }
    if (ts.isPrefixUnaryExpression(node)) {
      const operand = this.lower(node.operand);
      return node.operator === SyntaxKind.ExclamationToken
        ? { kind: 'not', operand, ...at }
        : { kind: 'unary', operator: ts.tokenToString(node.operator) ?? '', operand, ...at };
    }
    if (ts.isPostfixUnaryExpression(node)) {
      return { kind: 'unary', operator: '++', operand: this.lower(node.operand), ...at };
    }
    if (ts.isTypeOfExpression(node) || ts.isVoidExpression(node) || ts.isDeleteExpression(node)) {
      const operator = ts.isTypeOfExpression(node) ? 'typeof' : 'void';
      return { kind: 'unary', operator, operand: this.lower(node.expression), ...at };
    }
    if (ts.isAwaitExpression(node)) {
      return { kind: 'pass', how: 'await', operand: this.lower(node.expression), ...at };
    }
    if (ts.isYieldExpression(node)) {
      return node.expression
        ? { kind: 'pass', how: 'yield', operand: this.lower(node.expression), ...at }
        : opaque(at);
    }
    if (ts.isSpreadElement(node)) {
      return { kind: 'pass', how: 'spread', operand: this.lower(node.expression), ...at };
    }
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const pattern = node.text.slice(1, end);
      return { kind: 'regex', pattern, flags: node.text.slice(end + 1), ...at };
    }
    if (ts.isTaggedTemplateExpression(node)) {
      const { template } = node;
      const parts = ts.isTemplateExpression(template)
        ? this.templateParts(template)
        : [literal(this.at(template), template.text)];
      return { kind: 'tagged', tag: this.lower(node.tag), parts, ...at };
    }
    if (ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node)) {
      return this.element(node);
    }
    const kind: number = node.kind;
    switch (kind) {
      case SyntaxKind.TrueKeyword:
        return literal(at, true);
      case SyntaxKind.FalseKeyword:
        return literal(at, false);
      case SyntaxKind.NullKeyword:
        return literal(at, null);
      case SyntaxKind.ThisKeyword:
        return name(at, 'this');
      case SyntaxKind.SuperKeyword:
        return name(at, 'super');
      default:
        return opaque(at);
    }
  }

  private templateParts(node: ts.TemplateExpression): Expression[] {
    const parts: Expression[] = [literal(this.at(node.head), node.head.text)];
    for (const span of node.templateSpans) {
      parts.push(this.lower(span.expression), literal(this.at(span.literal), span.literal.text));
    }
    return parts.filter((part) => !(part.kind === 'literal' && part.value === ''));
  }

  private args(list: readonly ts.Expression[]): Argument[] {
    return list.map((arg) =>
      ts.isSpreadElement(arg)
        ? { value: this.lower(arg.expression), spread: true }
        : { value: this.lower(arg) },
    );
  }

  private binary(node: ts.BinaryExpression): Expression {
    // A long sum nests on its left: take it apart without recursion.
    const chain: ts.BinaryExpression[] = [];
    let current: ts.Expression = node;
    while (
      ts.isBinaryExpression(current) &&
      current.operatorToken.kind === node.operatorToken.kind
    ) {
      chain.unshift(current);
      current = current.left;
    }
    const at = this.at(node);
    const kind: number = node.operatorToken.kind;
    switch (kind) {
      case SyntaxKind.PlusToken:
        return concatenation(at, [
          this.lower(current),
          ...chain.map((link) => this.lower(link.right)),
        ]);
      case SyntaxKind.AmpersandAmpersandToken:
      case SyntaxKind.BarBarToken:
      case SyntaxKind.QuestionQuestionToken:
        return {
          kind: 'logical',
          operator: kind === SyntaxKind.AmpersandAmpersandToken ? 'and' : 'or',
          operands: [this.lower(current), ...chain.map((link) => this.lower(link.right))],
          ...at,
        };
      case SyntaxKind.EqualsToken:
        return {
          kind: 'assign',
          target: this.lower(node.left),
          value: this.lower(node.right),
          ...at,
        };
      case SyntaxKind.PlusEqualsToken: {
        const target = this.lower(node.left);
        const value = concatenation(at, [target, this.lower(node.right)]);
        return { kind: 'assign', target, value, ...at };
      }
      case SyntaxKind.QuestionQuestionEqualsToken:
      case SyntaxKind.BarBarEqualsToken: {
        const target = this.lower(node.left);
        const operands = [target, this.lower(node.right)];
        const value: Expression = { kind: 'logical', operator: 'or', operands, ...at };
        return { kind: 'assign', target, value, ...at };
      }
      case SyntaxKind.CommaToken:
        return {
          kind: 'opaque',
          children: [this.lower(current), ...chain.map((link) => this.lower(link.right))],
          ...at,
        };
      default:
        return {
          kind: 'binary',
          operator: BINARY_NAMES[kind] ?? node.operatorToken.getText(this.file),
          left: chain.length > 20 ? opaque(this.at(node.left)) : this.lower(node.left),
          right: this.lower(node.right),
          ...at,
        };
    }
  }

  private entries(node: ts.ObjectLiteralExpression): ObjectEntry[] {
    return node.properties.map((property): ObjectEntry => {
      if (ts.isSpreadAssignment(property)) {
        return { key: null, value: this.lower(property.expression) };
      }
      if (ts.isShorthandPropertyAssignment(property)) {
        const at = this.at(property.name);
        const plain = name(at, property.name.text);
        const value: Expression = property.objectAssignmentInitializer
          ? {
              kind: 'assign',
              target: plain,
              value: this.lower(property.objectAssignmentInitializer),
              ...at,
            }
          : plain;
        return { key: property.name.text, value };
      }
      const computed = ts.isComputedPropertyName(property.name)
        ? this.lower(property.name.expression)
        : undefined;
      const key =
        computed === undefined
          ? (property.name as ts.Identifier | ts.StringLiteral).text
          : computed.kind === 'literal'
            ? String(computed.value)
            : null;
      const value: Expression = ts.isPropertyAssignment(property)
        ? this.lower(property.initializer)
        : { kind: 'function', fn: this.bodies.fn(property), ...this.at(property) };
      return { key, value, ...(computed ? { computed } : {}) };
    });
  }

  private element(node: ts.JsxElement | ts.JsxSelfClosingElement | ts.JsxFragment): Expression {
    const at = this.at(node);
    const children = ts.isJsxSelfClosingElement(node) ? [] : node.children;
    const opening = ts.isJsxElement(node)
      ? node.openingElement
      : ts.isJsxSelfClosingElement(node)
        ? node
        : null;
    const attributes: ObjectEntry[] = [];
    for (const attribute of opening?.attributes.properties ?? []) {
      if (ts.isJsxSpreadAttribute(attribute)) {
        attributes.push({ key: null, value: this.lower(attribute.expression) });
      } else {
        const { initializer } = attribute;
        const key = attribute.name.getText(this.file);
        const value =
          initializer === undefined
            ? literal(at, true)
            : ts.isJsxExpression(initializer)
              ? initializer.expression
                ? this.lower(initializer.expression)
                : literal(at, null)
              : this.lower(initializer);
        attributes.push({ key, value });
      }
    }
    return {
      kind: 'element',
      tag: opening?.tagName.getText(this.file) ?? '',
      attributes,
      children: children.flatMap((child) => {
        if (ts.isJsxExpression(child)) {
          return child.expression ? [this.lower(child.expression)] : [];
        }
        return ts.isJsxText(child) ? [] : [this.lower(child)];
      }),
      ...at,
    };
  }

  /** A binding or assignment pattern as an assignment target. */
  pattern(node: ts.BindingName): Expression {
    const at = this.at(node);
    if (ts.isIdentifier(node)) {
      return name(at, node.text);
    }
    const withDefault = (element: ts.BindingElement): Expression => {
      const target = this.pattern(element.name);
      return element.initializer
        ? { kind: 'assign', target, value: this.lower(element.initializer), ...at }
        : target;
    };
    if (ts.isArrayBindingPattern(node)) {
      return {
        kind: 'list',
        items: node.elements.map((element) => {
          if (ts.isOmittedExpression(element)) {
            return opaque(at);
          }
          const target = withDefault(element);
          return element.dotDotDotToken
            ? { kind: 'pass', how: 'spread', operand: target, ...at }
            : target;
        }),
        ...at,
      };
    }
    return {
      kind: 'object',
      entries: node.elements.map((element): ObjectEntry => {
        const value = withDefault(element);
        if (element.dotDotDotToken) {
          return { key: null, value };
        }
        const named = element.propertyName ?? element.name;
        const key = ts.isIdentifier(named) || ts.isStringLiteral(named) ? named.text : null;
        return { key, value };
      }),
      ...at,
    };
  }
}

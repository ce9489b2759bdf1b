import type TS from 'typescript';
import { literal, name, opaque } from '../ir/build.js';
import type { Argument, Expression } from '../ir/ir.js';
import { JavaScriptOperators } from './lower-operators.js';
import { ts } from './typescript.js';

/** Lowers JavaScript and TypeScript expressions; types are dropped. */
export class JavaScriptExpressions extends JavaScriptOperators {
  protected dispatch(node: TS.Expression): Expression {
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

  private rarer(node: TS.Expression): Expression {
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
      return node.operator === ts.SyntaxKind.ExclamationToken
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
      case ts.SyntaxKind.TrueKeyword:
        return literal(at, true);
      case ts.SyntaxKind.FalseKeyword:
        return literal(at, false);
      case ts.SyntaxKind.NullKeyword:
        return literal(at, null);
      case ts.SyntaxKind.ThisKeyword:
        return name(at, 'this');
      case ts.SyntaxKind.SuperKeyword:
        return name(at, 'super');
      default:
        return opaque(at);
    }
  }

  private templateParts(node: TS.TemplateExpression): Expression[] {
    const parts: Expression[] = [literal(this.at(node.head), node.head.text)];
    for (const span of node.templateSpans) {
      parts.push(this.lower(span.expression), literal(this.at(span.literal), span.literal.text));
    }
    return parts.filter((part) => !(part.kind === 'literal' && part.value === ''));
  }

  private args(list: readonly TS.Expression[]): Argument[] {
    return list.map((arg) =>
      ts.isSpreadElement(arg)
        ? { value: this.lower(arg.expression), spread: true }
        : { value: this.lower(arg) },
    );
  }
}

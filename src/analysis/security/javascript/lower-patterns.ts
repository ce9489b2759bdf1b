import type TS from 'typescript';
import { literal, name, opaque } from '../ir/build.js';
import {
  type ClassIr,
  type Expression,
  type FunctionIr,
  MAX_DEPTH,
  type ObjectEntry,
} from '../ir/ir.js';
import { ts } from './typescript.js';

/** What expressions need of the statements' side: the bodies inside them. */
export interface BodyLowering {
  fn(node: TS.FunctionLikeDeclaration): FunctionIr;
  classOf(node: TS.ClassLikeDeclaration): ClassIr;
}

/** What all expressions need; object literals, elements of JSX and patterns. */
export abstract class JavaScriptPatterns {
  private depth = 0;

  constructor(
    protected readonly file: TS.SourceFile,
    protected readonly bodies: BodyLowering,
  ) {}

  at(node: TS.Node): { start: number; end: number } {
    return { start: node.getStart(this.file), end: node.end };
  }

  lower(node: TS.Expression): Expression {
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

  protected abstract dispatch(node: TS.Expression): Expression;

  protected entries(node: TS.ObjectLiteralExpression): ObjectEntry[] {
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
          ? (property.name as TS.Identifier | TS.StringLiteral).text
          : computed.kind === 'literal'
            ? String(computed.value)
            : null;
      const value: Expression = ts.isPropertyAssignment(property)
        ? this.lower(property.initializer)
        : { kind: 'function', fn: this.bodies.fn(property), ...this.at(property) };
      return { key, value, ...(computed ? { computed } : {}) };
    });
  }

  protected element(node: TS.JsxElement | TS.JsxSelfClosingElement | TS.JsxFragment): Expression {
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
  pattern(node: TS.BindingName): Expression {
    const at = this.at(node);
    if (ts.isIdentifier(node)) {
      return name(at, node.text);
    }
    const withDefault = (element: TS.BindingElement): Expression => {
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

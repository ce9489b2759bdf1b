import ts from 'typescript';
import { concatenation, opaque } from '../ir/build.js';
import type { Expression } from '../ir/ir.js';
import { JavaScriptPatterns } from './lower-patterns.js';

const { SyntaxKind } = ts;

const BINARY_NAMES: Readonly<Record<number, string>> = {
  [SyntaxKind.EqualsEqualsToken]: '==',
  [SyntaxKind.EqualsEqualsEqualsToken]: '==',
  [SyntaxKind.ExclamationEqualsToken]: '!=',
  [SyntaxKind.ExclamationEqualsEqualsToken]: '!=',
  [SyntaxKind.InKeyword]: 'in',
  [SyntaxKind.InstanceOfKeyword]: 'instanceof',
};

const LOOSE: ReadonlySet<number> = new Set([
  SyntaxKind.EqualsEqualsToken,
  SyntaxKind.ExclamationEqualsToken,
]);

/** Operators of two operands. */
export abstract class JavaScriptOperators extends JavaScriptPatterns {
  protected binary(node: ts.BinaryExpression): Expression {
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
          ...(LOOSE.has(kind) ? { isLoose: true } : {}),
          ...at,
        };
    }
  }
}

import type TS from 'typescript';
import { concatenation, opaque } from '../ir/build.js';
import type { Expression } from '../ir/ir.js';
import { JavaScriptPatterns } from './lower-patterns.js';
import { ts } from './typescript.js';

/** Operators of two operands. */
export abstract class JavaScriptOperators extends JavaScriptPatterns {
  private readonly names: Readonly<Record<number, string>> = {
    [ts.SyntaxKind.EqualsEqualsToken]: '==',
    [ts.SyntaxKind.EqualsEqualsEqualsToken]: '==',
    [ts.SyntaxKind.ExclamationEqualsToken]: '!=',
    [ts.SyntaxKind.ExclamationEqualsEqualsToken]: '!=',
    [ts.SyntaxKind.InKeyword]: 'in',
    [ts.SyntaxKind.InstanceOfKeyword]: 'instanceof',
  };

  protected binary(node: TS.BinaryExpression): Expression {
    // A long sum nests on its left: take it apart without recursion.
    const chain: TS.BinaryExpression[] = [];
    let current: TS.Expression = node;
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
      case ts.SyntaxKind.PlusToken:
        return concatenation(at, [
          this.lower(current),
          ...chain.map((link) => this.lower(link.right)),
        ]);
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.BarBarToken:
      case ts.SyntaxKind.QuestionQuestionToken:
        return {
          kind: 'logical',
          operator: kind === ts.SyntaxKind.AmpersandAmpersandToken ? 'and' : 'or',
          operands: [this.lower(current), ...chain.map((link) => this.lower(link.right))],
          ...at,
        };
      case ts.SyntaxKind.EqualsToken:
        return {
          kind: 'assign',
          target: this.lower(node.left),
          value: this.lower(node.right),
          ...at,
        };
      case ts.SyntaxKind.PlusEqualsToken: {
        const target = this.lower(node.left);
        const value = concatenation(at, [target, this.lower(node.right)]);
        return { kind: 'assign', target, value, ...at };
      }
      case ts.SyntaxKind.QuestionQuestionEqualsToken:
      case ts.SyntaxKind.BarBarEqualsToken: {
        const target = this.lower(node.left);
        const operands = [target, this.lower(node.right)];
        const value: Expression = { kind: 'logical', operator: 'or', operands, ...at };
        return { kind: 'assign', target, value, ...at };
      }
      case ts.SyntaxKind.CommaToken:
        return {
          kind: 'opaque',
          children: [this.lower(current), ...chain.map((link) => this.lower(link.right))],
          ...at,
        };
      default:
        return {
          kind: 'binary',
          operator: this.names[kind] ?? node.operatorToken.getText(this.file),
          left: chain.length > 20 ? opaque(this.at(node.left)) : this.lower(node.left),
          right: this.lower(node.right),
          ...(isLoose(kind) ? { isLoose: true } : {}),
          ...at,
        };
    }
  }
}

/** They convert before they compare. */
const isLoose = (kind: number): boolean =>
  kind === ts.SyntaxKind.EqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsToken;

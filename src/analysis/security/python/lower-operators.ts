import { concatenation, opaque } from '../ir/build.js';
import type { Expression } from '../ir/ir.js';
import { booleanTokens, splitTokens, type Token } from './boolean.js';
import { PythonCollections } from './lower-collections.js';
import { meaningful, type Node } from './tree.js';

/** Operators of one, two and three operands. */
export abstract class PythonOperators extends PythonCollections {
  protected binary(node: Node): Expression {
    // A long sum nests on its left: take it apart without recursion.
    const operands: { operator: string; right: Node; end: number }[] = [];
    let current = node;
    for (;;) {
      const [left, ...rest] = meaningful(current);
      const right = rest[rest.length - 1];
      if (!left || !right || rest.length < 2) {
        return opaque(node);
      }
      const operator = rest
        .slice(0, -1)
        .map((part) => this.source(part))
        .join(' ');
      operands.unshift({ operator, right, end: current.end });
      current = left;
      if (left.name !== 'BinaryExpression') {
        break;
      }
    }
    let result = this.lower(current);
    let i = 0;
    while (i < operands.length) {
      const { operator } = operands[i] ?? { operator: '' };
      let last = i;
      while (operator === '+' && operands[last + 1]?.operator === '+') {
        last += 1;
      }
      const run = operands.slice(i, last + 1);
      const at = { start: node.start, end: run[run.length - 1]?.end ?? node.end };
      const rights = run.map((operand) => this.lower(operand.right));
      if (operator === '+') {
        result = concatenation(at, [result, ...rights]);
      } else if (rights[0]) {
        result = { kind: 'binary', operator, left: result, right: rights[0], ...at };
      }
      i = last + 1;
    }
    return result;
  }

  protected disjunction(node: Node): Expression {
    return this.joined(node, 'or', splitTokens(booleanTokens(node), 'or'), (tokens) =>
      this.joined(node, 'and', splitTokens(tokens, 'and'), (operand) =>
        this.negated(node, operand),
      ),
    );
  }

  protected joined(
    at: Node,
    operator: 'and' | 'or',
    parts: readonly Token[][],
    lower: (tokens: readonly Token[]) => Expression,
  ): Expression {
    const operands = parts.map(lower);
    const [first] = operands;
    return operands.length === 1 && first
      ? first
      : { kind: 'logical', operator, operands, start: at.start, end: at.end };
  }

  protected negated(at: Node, tokens: readonly Token[]): Expression {
    const operand = tokens[tokens.length - 1];
    let result = operand && typeof operand !== 'string' ? this.lower(operand) : opaque(at);
    for (let i = 1; i < tokens.length; i += 1) {
      result = { kind: 'not', operand: result, start: at.start, end: result.end };
    }
    return result;
  }

  protected unary(node: Node): Expression {
    const [operator, operand] = meaningful(node);
    if (!operator || !operand) {
      return opaque(node);
    }
    const inner = this.lower(operand);
    return {
      kind: 'unary',
      operator: this.source(operator),
      operand: inner,
      start: node.start,
      end: node.end,
    };
  }

  protected conditional(node: Node): Expression {
    const [then, , test, , otherwise] = meaningful(node);
    return then && test && otherwise
      ? {
          kind: 'conditional',
          then: this.lower(then),
          test: this.lower(test),
          otherwise: this.lower(otherwise),
          start: node.start,
          end: node.end,
        }
      : opaque(node);
  }
}

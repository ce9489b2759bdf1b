import type { Node } from './tree.js';

/** One piece of a condition: an operator, or an operand that is no condition itself. */
export type Token = 'and' | 'or' | 'not' | Node;

const operatorOf = (node: Node): string | undefined =>
  node.name === 'BinaryExpression'
    ? node.children.find((child) => child.name === 'and' || child.name === 'or')?.name
    : undefined;

export const isBoolean = (node: Node): boolean =>
  operatorOf(node) !== undefined ||
  (node.name === 'UnaryExpression' && node.children.some((child) => child.name === 'not'));

/**
 * The operands and operators of `and`, `or` and `not`, in reading order.
 *
 * The grammar reads `not a or b` as `not (a or b)`. Parentheses are nodes of their own, so that the order of the pieces
 * is enough to put them together again with Python's precedence.
 */
export function booleanTokens(root: Node): Token[] {
  const tokens: Token[] = [];
  const stack: Token[] = [root];
  while (stack.length > 0) {
    const top = stack.pop();
    if (top === undefined) {
      break;
    }
    if (typeof top === 'string' || !isBoolean(top)) {
      tokens.push(top);
      continue;
    }
    const pieces = top.children
      .filter((child) => child.name !== 'Comment' && child.name !== '⚠')
      .map((child): Token =>
        child.name === 'and' || child.name === 'or' || child.name === 'not' ? child.name : child,
      );
    stack.push(...pieces.reverse());
  }
  return tokens;
}

/** Splits at one operator. */
export function splitTokens(tokens: readonly Token[], operator: 'and' | 'or'): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token === operator) {
      parts.push([]);
    } else {
      parts[parts.length - 1]?.push(token);
    }
  }
  return parts.filter((part) => part.length > 0);
}

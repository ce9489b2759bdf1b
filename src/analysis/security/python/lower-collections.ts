import type { ComprehensionClause, Expression, ObjectEntry } from '../ir/ir.js';
import { PythonStrings } from './lower-strings.js';
import { type Node, PUNCTUATION } from './tree.js';

/** Lists, dictionaries and comprehensions. */
export abstract class PythonCollections extends PythonStrings {
  list(at: Node, children: readonly Node[]): Expression {
    const items: Expression[] = [];
    let spread = false;
    for (const child of children) {
      if (child.name === '*') {
        spread = true;
      } else if (!PUNCTUATION.has(child.name)) {
        const value = this.lower(child);
        items.push(
          spread
            ? { kind: 'pass', how: 'spread', operand: value, start: child.start, end: child.end }
            : value,
        );
        spread = false;
      }
    }
    return { kind: 'list', items, start: at.start, end: at.end };
  }

  protected dictionary(node: Node): Expression {
    const entries: ObjectEntry[] = [];
    let group: Node[] = [];
    for (const child of node.children) {
      if (child.name !== ',' && child.name !== '}') {
        if (child.name !== '{' && child.name !== 'Comment') {
          group.push(child);
        }
        continue;
      }
      const [key, colon, value] = group;
      if (key?.name === '**' && colon) {
        entries.push({ key: null, value: this.lower(colon) });
      } else if (key && colon?.name === ':' && value) {
        const computed = this.lower(key);
        const known = computed.kind === 'literal' ? String(computed.value) : null;
        entries.push({ key: known, computed, value: this.lower(value) });
      }
      group = [];
    }
    return { kind: 'object', entries, start: node.start, end: node.end };
  }

  protected comprehension(at: Node, children: readonly Node[]): Expression {
    const parts = children.filter(
      (child) => !['[', ']', '{', '}', '(', ')', 'Comment', 'async'].includes(child.name),
    );
    const firstFor = parts.findIndex((child) => child.name === 'for');
    const head = parts.slice(0, firstFor).filter((child) => child.name !== ':');
    const clauses: ComprehensionClause[] = [];
    let i = firstFor;
    while (i >= 0 && i < parts.length) {
      const inAt = parts.findIndex((child, index) => index > i && child.name === 'in');
      const iterable = parts[inAt + 1];
      if (inAt === -1 || !iterable) {
        break;
      }
      const targets = parts.slice(i + 1, inAt);
      const conditions: Expression[] = [];
      i = inAt + 2;
      while (parts[i]?.name === 'if') {
        const condition = parts[i + 1];
        if (condition) {
          conditions.push(this.lower(condition));
        }
        i += 2;
      }
      const target = targets.filter((child) => child.name !== ',');
      clauses.push({
        target: target.length === 1 && target[0] ? this.lower(target[0]) : this.list(at, targets),
        iterable: this.lower(iterable),
        conditions,
      });
      if (parts[i]?.name !== 'for') {
        break;
      }
    }
    const elements = head.map((child) => this.lower(child));
    const element =
      elements.length === 1 && elements[0]
        ? elements[0]
        : ({ kind: 'list', items: elements, start: at.start, end: at.end } as const);
    return { kind: 'comprehension', clauses, element, start: at.start, end: at.end };
  }
}

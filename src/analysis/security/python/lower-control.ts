import { opaque } from '../ir/build.js';
import type { Branch, Expression, Statement } from '../ir/ir.js';
import { PythonExpressions } from './lower-expression.js';
import { meaningful, type Node } from './tree.js';

/** Statements that branch, repeat or guard. */
export abstract class PythonControl {
  protected readonly expressions: PythonExpressions;

  constructor(protected readonly text: string) {
    this.expressions = new PythonExpressions(text);
  }

  abstract block(nodes: readonly Node[]): Statement[];

  protected body(node: Node | undefined): Statement[] {
    return node ? this.block(node.children.filter((child) => child.name !== ':')) : [];
  }

  protected lower(node: Node): Expression {
    return this.expressions.lower(node);
  }

  /** The expressions directly inside a statement. */
  protected values(node: Node): Expression[] {
    return meaningful(node)
      .filter((child) => /(Expression|Name|String|Number|Boolean|None)$/.test(child.name))
      .map((child) => this.lower(child));
  }

  protected conditional(node: Node): Statement {
    const branches: Branch[] = [];
    let otherwise: Statement[] = [];
    let test: Expression | null = null;
    let isElse = false;
    for (const child of meaningful(node)) {
      if (child.name === 'else') {
        isElse = true;
      } else if (child.name === 'Body') {
        const body = this.body(child);
        if (isElse) {
          otherwise = body;
        } else {
          branches.push({ test: test ?? opaque(node), body });
        }
      } else if (child.name !== 'if' && child.name !== 'elif') {
        test = this.lower(child);
      }
    }
    return { kind: 'if', branches, otherwise, start: node.start, end: node.end };
  }

  protected forLoop(node: Node): Statement[] {
    const parts = node.children.filter((child) => child.name !== 'Comment');
    const inAt = parts.findIndex((child) => child.name === 'in');
    const forAt = parts.findIndex((child) => child.name === 'for');
    const bodies = parts.filter((child) => child.name === 'Body');
    const targets = parts.slice(forAt + 1, inAt);
    const iterables = parts.slice(inAt + 1, bodies[0] ? parts.indexOf(bodies[0]) : undefined);
    const one = (nodes: readonly Node[]): Expression =>
      nodes.length === 1 && nodes[0] ? this.lower(nodes[0]) : this.expressions.list(node, nodes);
    return [
      {
        kind: 'loop',
        target: one(targets),
        iterable: one(iterables),
        body: this.body(bodies[0]),
        start: node.start,
        end: node.end,
      },
      ...this.body(bodies[1]),
    ];
  }

  protected withBlock(node: Node): Statement {
    const items: { value: Expression; target?: Expression }[] = [];
    let expectsTarget = false;
    for (const child of meaningful(node)) {
      if (child.name === 'as') {
        expectsTarget = true;
      } else if (['with', 'async', 'Body'].includes(child.name)) {
        continue;
      } else if (expectsTarget) {
        const last = items.pop();
        if (last) {
          items.push({ ...last, target: this.lower(child) });
        }
        expectsTarget = false;
      } else {
        items.push({ value: this.lower(child) });
      }
    }
    const body = this.body(node.children.find((child) => child.name === 'Body'));
    return { kind: 'with', items, body, start: node.start, end: node.end };
  }

  protected tryBlock(node: Node): Statement {
    let part = 'try';
    let bound: string | null = null;
    let expectsName = false;
    let body: Statement[] = [];
    let final: Statement[] = [];
    const handlers: { name: string | null; body: Statement[] }[] = [];
    for (const child of meaningful(node)) {
      if (['try', 'except', 'else', 'finally'].includes(child.name)) {
        part = child.name;
        bound = null;
      } else if (child.name === 'as') {
        expectsName = true;
      } else if (expectsName) {
        bound = this.expressions.source(child);
        expectsName = false;
      } else if (child.name === 'Body') {
        const statements = this.body(child);
        if (part === 'except') {
          handlers.push({ name: bound, body: statements });
        } else if (part === 'finally') {
          final = statements;
        } else {
          body = [...body, ...statements];
        }
      }
    }
    return { kind: 'try', body, handlers, final, start: node.start, end: node.end };
  }

  protected match(node: Node): Statement {
    const subject = meaningful(node).find((child) => /Expression|Name/.test(child.name));
    const test = subject ? this.lower(subject) : opaque(node);
    const clauses = node.children.find((child) => child.name === 'MatchBody')?.children ?? [];
    const branches = clauses
      .filter((clause) => clause.name === 'MatchClause')
      .map((clause): Branch => {
        const pattern = clause.children.find((child) => child.name === 'LiteralPattern');
        const value = pattern?.children[0];
        return {
          test: value
            ? {
                kind: 'binary',
                operator: '==',
                left: test,
                right: this.lower(value),
                start: clause.start,
                end: clause.end,
              }
            : opaque(clause, [test]),
          body: this.body(clause.children.find((child) => child.name === 'Body')),
        };
      });
    return { kind: 'if', branches, otherwise: [], start: node.start, end: node.end };
  }
}

import { literal, opaque } from '../ir/build.js';
import { type Expression, MAX_DEPTH } from '../ir/ir.js';
import { stringParts, unescape } from './strings.js';
import { meaningful, type Node } from './tree.js';

/** What all expressions need, and text: literals, f-strings, and strings that stand side by side. */
export abstract class PythonStrings {
  private depth = 0;

  constructor(protected readonly text: string) {}

  protected abstract dispatch(node: Node): Expression;

  source(node: Node): string {
    return this.text.slice(node.start, node.end);
  }

  lower(node: Node): Expression {
    if (this.depth >= MAX_DEPTH) {
      return opaque(node);
    }
    this.depth += 1;
    try {
      return this.dispatch(node);
    } finally {
      this.depth -= 1;
    }
  }

  protected string(node: Node): Expression {
    const source = this.source(node);
    const { prefix, bodyStart, bodyEnd } = stringParts(source);
    return literal(node, unescape(source.slice(bodyStart, bodyEnd), prefix));
  }

  protected formatString(node: Node): Expression {
    const source = this.source(node);
    const { prefix, bodyStart, bodyEnd } = stringParts(source);
    const parts: Expression[] = [];
    let from = node.start + bodyStart;
    const until = (to: number): void => {
      if (to > from) {
        const body = this.text.slice(from, to).replaceAll('{{', '{').replaceAll('}}', '}');
        parts.push(literal({ start: from, end: to }, unescape(body, prefix)));
      }
    };
    for (const hole of node.children) {
      if (hole.name !== 'FormatReplacement') {
        continue;
      }
      until(hole.start);
      from = hole.end;
      const value = meaningful(hole).find((child) => !child.name.startsWith('Format'));
      parts.push(value ? this.lower(value) : opaque(hole));
    }
    until(node.start + bodyEnd);
    return { kind: 'text', how: 'template', parts, start: node.start, end: node.end };
  }

  protected continued(node: Node): Expression {
    const parts = node.children
      .filter((child) => child.name.endsWith('String'))
      .map((child) => this.lower(child));
    if (parts.every((part) => part.kind === 'literal')) {
      return literal(node, parts.map((part) => String(part.value)).join(''));
    }
    return {
      kind: 'text',
      how: 'template',
      parts: parts.flatMap((part) => (part.kind === 'text' ? part.parts : [part])),
      start: node.start,
      end: node.end,
    };
  }
}

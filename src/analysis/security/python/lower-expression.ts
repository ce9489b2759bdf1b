import { concatenation, literal, name, opaque } from '../ir/build.js';
import {
  type Argument,
  type ComprehensionClause,
  type Expression,
  type FunctionIr,
  MAX_DEPTH,
  type ObjectEntry,
  type Parameter,
} from '../ir/ir.js';
import { booleanTokens, isBoolean, splitTokens, type Token } from './boolean.js';
import { stringParts, unescape } from './strings.js';
import type { Node } from './tree.js';

/** Longer types are cut: no name of a harmless one is as long. */
const MAX_ANNOTATION = 200;
const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', ':', ';', '.', '⚠', 'Comment']);

/** Children that carry meaning: no brackets, commas, comments or error marks. */
export const meaningful = (node: Node): Node[] =>
  node.children.filter((child) => !PUNCTUATION.has(child.name));

/** Lowers Python expressions; statements inside them can't occur, lambdas return one. */
export class PythonExpressions {
  private depth = 0;

  constructor(protected readonly text: string) {}

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

  private dispatch(node: Node): Expression {
    switch (node.name) {
      case 'VariableName':
      case 'PropertyName':
        return name(node, this.source(node));
      case 'Number':
        return literal(node, Number(this.source(node).replaceAll('_', '')) || 0);
      case 'Boolean':
        return literal(node, this.source(node) === 'True');
      case 'None':
        return literal(node, null);
      case 'String':
        return this.string(node);
      case 'FormatString':
        return this.formatString(node);
      case 'ContinuedString':
        return this.continued(node);
      case 'ParenthesizedExpression':
        return this.only(node);
      case 'MemberExpression':
        return this.member(node);
      case 'CallExpression':
        return this.call(node);
      case 'BinaryExpression':
        return isBoolean(node) ? this.disjunction(node) : this.binary(node);
      case 'UnaryExpression':
        return isBoolean(node) ? this.disjunction(node) : this.unary(node);
      case 'ConditionalExpression':
        return this.conditional(node);
      case 'TupleExpression':
      case 'ArrayExpression':
      case 'SetExpression':
      case 'SequencePattern':
        return this.list(node, node.children);
      case 'DictionaryExpression':
        return this.dictionary(node);
      case 'ArrayComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'ComprehensionExpression':
      case 'DictionaryComprehensionExpression':
        return this.comprehension(node, node.children);
      case 'LambdaExpression':
        return { kind: 'function', fn: this.lambda(node), start: node.start, end: node.end };
      case 'NamedExpression': {
        const [target, , value] = meaningful(node);
        return target && value
          ? {
              kind: 'assign',
              target: this.lower(target),
              value: this.lower(value),
              start: node.start,
              end: node.end,
            }
          : opaque(node);
      }
      case 'AwaitExpression':
      case 'YieldExpression': {
        const operand = meaningful(node).filter(
          (child) => !['await', 'yield', 'from'].includes(child.name),
        )[0];
        return operand
          ? {
              kind: 'pass',
              how: node.name === 'AwaitExpression' ? 'await' : 'yield',
              operand: this.lower(operand),
              start: node.start,
              end: node.end,
            }
          : opaque(node);
      }
      default:
        return opaque(
          node,
          meaningful(node)
            .filter((child) => /Expression|Name|String/.test(child.name))
            .map((child) => this.lower(child)),
        );
    }
  }

  private only(node: Node): Expression {
    const inner = meaningful(node);
    return inner.length === 1 && inner[0] ? this.lower(inner[0]) : this.list(node, node.children);
  }

  private string(node: Node): Expression {
    const source = this.source(node);
    const { prefix, bodyStart, bodyEnd } = stringParts(source);
    return literal(node, unescape(source.slice(bodyStart, bodyEnd), prefix));
  }

  private formatString(node: Node): Expression {
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

  private continued(node: Node): Expression {
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

  private member(node: Node): Expression {
    const [object, ...rest] = node.children;
    if (!object) {
      return opaque(node);
    }
    const base = this.lower(object);
    const property = rest.find((child) => child.name === 'PropertyName');
    if (property && !rest.some((child) => child.name === '[')) {
      return {
        kind: 'member',
        object: base,
        property: this.source(property),
        start: node.start,
        end: node.end,
      };
    }
    const inside = rest.filter((child) => child.name !== '[' && child.name !== ']');
    const keys = inside.filter((child) => !PUNCTUATION.has(child.name));
    const index =
      keys.length === 1 && inside.length === 1 && keys[0]
        ? this.lower(keys[0])
        : opaque(
            node,
            keys.map((key) => this.lower(key)),
          );
    return { kind: 'index', object: base, index, start: node.start, end: node.end };
  }

  private call(node: Node): Expression {
    const [callee, argumentList] = node.children.filter((child) => child.name !== 'Comment');
    if (!callee || !argumentList) {
      return opaque(node);
    }
    return {
      kind: 'call',
      callee: this.lower(callee),
      args: this.args(argumentList),
      start: node.start,
      end: node.end,
    };
  }

  args(argumentList: Node): Argument[] {
    const inner = argumentList.children.filter(
      (child) => !['(', ')', 'Comment', '⚠'].includes(child.name),
    );
    if (inner.some((child) => child.name === 'for')) {
      return [{ value: this.comprehension(argumentList, inner) }];
    }
    const args: Argument[] = [];
    let group: Node[] = [];
    for (const child of [...inner, null]) {
      if (child && child.name !== ',') {
        group.push(child);
        continue;
      }
      const [first, second, third] = group;
      if (first && second?.name === 'AssignOp' && third) {
        args.push({ keyword: this.source(first), value: this.lower(third) });
      } else if (first && (first.name === '*' || first.name === '**') && second) {
        args.push({ value: this.lower(second), spread: true });
      } else if (first) {
        args.push({ value: this.lower(first) });
      }
      group = [];
    }
    return args;
  }

  private binary(node: Node): Expression {
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

  private disjunction(node: Node): Expression {
    return this.joined(node, 'or', splitTokens(booleanTokens(node), 'or'), (tokens) =>
      this.joined(node, 'and', splitTokens(tokens, 'and'), (operand) =>
        this.negated(node, operand),
      ),
    );
  }

  private joined(
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

  private negated(at: Node, tokens: readonly Token[]): Expression {
    const operand = tokens[tokens.length - 1];
    let result = operand && typeof operand !== 'string' ? this.lower(operand) : opaque(at);
    for (let i = 1; i < tokens.length; i += 1) {
      result = { kind: 'not', operand: result, start: at.start, end: result.end };
    }
    return result;
  }

  private unary(node: Node): Expression {
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

  private conditional(node: Node): Expression {
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

  private dictionary(node: Node): Expression {
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

  private comprehension(at: Node, children: readonly Node[]): Expression {
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

  private lambda(node: Node): FunctionIr {
    const parameters = node.children.find((child) => child.name === 'ParamList');
    const body = node.children[node.children.length - 1];
    return {
      name: null,
      parameters: parameters ? this.parameters(parameters) : [],
      body: body
        ? [{ kind: 'return', value: this.lower(body), start: body.start, end: body.end }]
        : [],
      decorators: [],
      isMethod: false,
      isStatic: false,
      isExported: false,
      inheritsThis: true,
      start: node.start,
      end: node.end,
    };
  }

  parameters(list: Node): Parameter[] {
    const parameters: Parameter[] = [];
    let group: Node[] = [];
    for (const child of [...list.children, null]) {
      if (child && child.name !== ',' && child.name !== ')') {
        group.push(child);
        continue;
      }
      const target = group.find((part) => part.name === 'VariableName');
      if (target) {
        const type = group.find((part) => part.name === 'TypeDef');
        const assign = group.findIndex((part) => part.name === 'AssignOp');
        const fallback = assign === -1 ? undefined : group[assign + 1];
        parameters.push({
          target: name(target, this.source(target)),
          name: this.source(target),
          annotation: type ? this.source(type).slice(0, MAX_ANNOTATION).replace(/^:\s*/, '') : null,
          decorators: [],
          ...(fallback ? { fallback: this.lower(fallback) } : {}),
          ...(group.some((part) => part.name.startsWith('*')) ? { isRest: true } : {}),
        });
      }
      group = [];
    }
    return parameters;
  }
}

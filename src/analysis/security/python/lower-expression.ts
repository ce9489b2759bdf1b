import { literal, name, opaque } from '../ir/build.js';
import type { Argument, Expression, FunctionIr, Parameter } from '../ir/ir.js';
import { isBoolean } from './boolean.js';
import { PythonOperators } from './lower-operators.js';
import { meaningful, type Node, PUNCTUATION } from './tree.js';

/** Longer types are cut: no name of a harmless one is as long. */
const MAX_ANNOTATION = 200;
/** Lowers Python expressions; statements inside them can't occur, lambdas return one. */
export class PythonExpressions extends PythonOperators {
  protected dispatch(node: Node): Expression {
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

import { name, opaque } from '../ir/build.js';
import type { ClassIr, Expression, FunctionIr, ModuleIr, Statement } from '../ir/ir.js';
import { readImports } from './imports.js';
import { PythonControl } from './lower-control.js';
import { meaningful, type Node, parsePython } from './tree.js';

/** Lowers a Python file. Never throws on broken code: what can't be read becomes `opaque`. */
export function lowerPython(text: string): ModuleIr {
  const lowering = new PythonStatements(text);
  const body = lowering.block(parsePython(text).children);
  return { language: 'python', body, imports: lowering.imports };
}

const MAX_BLOCKS = 60;

class PythonStatements extends PythonControl {
  readonly imports = new Set<string>();
  /** Names that the function at hand declared `global` or `nonlocal`. */
  private outerNames = new Set<string>();
  private nesting = 0;

  block(nodes: readonly Node[]): Statement[] {
    if (this.nesting >= MAX_BLOCKS) {
      return [];
    }
    this.nesting += 1;
    const statements = nodes.flatMap((node) => this.statement(node));
    this.nesting -= 1;
    return statements;
  }

  private statement(node: Node): Statement[] {
    const at = { start: node.start, end: node.end };
    switch (node.name) {
      case 'ExpressionStatement':
      case 'YieldStatement':
        return this.values(node).map((value) => ({ kind: 'expression', value, ...at }));
      case 'AssignStatement':
        return this.assign(node);
      case 'UpdateStatement': {
        const [target, , value] = meaningful(node);
        return target && value
          ? [this.store(this.lower(target), this.lower(value), node, { augments: true })]
          : [];
      }
      case 'ReturnStatement': {
        const values = this.values(node);
        const value = values.length > 1 ? this.tuple(node, values) : values[0];
        return [{ kind: 'return', ...(value ? { value } : {}), ...at }];
      }
      case 'RaiseStatement': {
        const value = this.values(node)[0];
        return [{ kind: 'throw', ...(value ? { value } : {}), ...at }];
      }
      case 'BreakStatement':
      case 'ContinueStatement':
        return [{ kind: 'jump', ...at }];
      case 'IfStatement':
        return [this.conditional(node)];
      case 'WhileStatement': {
        const [test] = this.values(node);
        const bodies = node.children.filter((child) => child.name === 'Body');
        return [
          { kind: 'loop', ...(test ? { test } : {}), body: this.body(bodies[0]), ...at },
          ...this.body(bodies[1]),
        ];
      }
      case 'ForStatement':
        return this.forLoop(node);
      case 'WithStatement':
        return [this.withBlock(node)];
      case 'TryStatement':
        return [this.tryBlock(node)];
      case 'FunctionDefinition':
        return [{ kind: 'function', fn: this.fn(node, [], false), ...at }];
      case 'ClassDefinition':
        return [{ kind: 'class', declaration: this.classOf(node, []), ...at }];
      case 'DecoratedStatement':
        return this.decorated(node);
      case 'ImportStatement':
        return this.imported(node);
      case 'ScopeStatement':
        for (const child of meaningful(node)) {
          if (child.name === 'VariableName') {
            this.outerNames.add(this.expressions.source(child));
          }
        }
        return [];
      case 'AssertStatement': {
        // What an assertion states holds afterwards, or the code below does not run.
        const [test] = this.values(node);
        return test
          ? [
              {
                kind: 'if',
                branches: [
                  {
                    test: { kind: 'not', operand: test, ...at },
                    body: [{ kind: 'throw', ...at }],
                  },
                ],
                otherwise: [],
                ...at,
              },
            ]
          : [];
      }
      case 'MatchStatement':
        return [this.match(node)];
      case 'StatementGroup':
        return this.block(node.children);
      case 'PrintStatement':
      case 'DeleteStatement':
        return this.values(node).map((value) => ({ kind: 'expression', value, ...at }));
      default:
        return [];
    }
  }

  private tuple(node: Node, items: readonly Expression[]): Expression {
    return { kind: 'list', items, start: node.start, end: node.end };
  }

  private store(
    target: Expression,
    value: Expression,
    node: Node,
    extra: { augments?: boolean; annotation?: string } = {},
  ): Statement {
    const declares = !(target.kind === 'name' && this.outerNames.has(target.name));
    return { kind: 'assign', target, value, declares, ...extra, start: node.start, end: node.end };
  }

  private assign(node: Node): Statement[] {
    const groups: Node[][] = [[]];
    let annotation: string | undefined;
    for (const child of node.children) {
      if (child.name === 'AssignOp') {
        groups.push([]);
      } else if (child.name === 'TypeDef') {
        annotation = this.expressions.source(child).slice(0, 200).replace(/^:\s*/, '');
      } else if (child.name !== 'Comment') {
        groups[groups.length - 1]?.push(child);
      }
    }
    const sides = groups.map((group) =>
      group.length === 1 && group[0] ? this.lower(group[0]) : this.expressions.list(node, group),
    );
    const value = sides.pop();
    if (value && sides.length === 0 && annotation !== undefined) {
      // A declared field of a record: its type matters, its value is not known.
      return [this.store(value, opaque(node), node, { annotation })];
    }
    if (!value || sides.length === 0) {
      return [];
    }
    return sides.map((target) =>
      this.store(target, value, node, annotation === undefined ? {} : { annotation }),
    );
  }

  private decorated(node: Node): Statement[] {
    const decorators = node.children
      .filter((child) => child.name === 'Decorator')
      .map((child) => this.decorator(child));
    const inner = node.children[node.children.length - 1];
    if (inner?.name === 'FunctionDefinition') {
      const fn = this.fn(inner, decorators, false);
      return [{ kind: 'function', fn, start: node.start, end: node.end }];
    }
    if (inner?.name === 'ClassDefinition') {
      const declaration = this.classOf(inner, decorators);
      return [{ kind: 'class', declaration, start: node.start, end: node.end }];
    }
    return [];
  }

  private decorator(node: Node): Expression {
    let callee: Expression | null = null;
    for (const child of node.children) {
      if (child.name === 'VariableName' || child.name === 'PropertyName') {
        const text = this.expressions.source(child);
        callee = callee
          ? { kind: 'member', object: callee, property: text, start: node.start, end: child.end }
          : name(child, text);
      } else if (child.name === 'ArgList' && callee) {
        callee = {
          kind: 'call',
          callee,
          args: this.expressions.args(child),
          start: node.start,
          end: node.end,
        };
      } else if (/Expression$/.test(child.name)) {
        callee = this.lower(child);
      }
    }
    return callee ?? opaque(node);
  }

  private fn(node: Node, decorators: readonly Expression[], isMethod: boolean): FunctionIr {
    const own = node.children.find((child) => child.name === 'VariableName');
    const parameters = node.children.find((child) => child.name === 'ParamList');
    const outer = this.outerNames;
    this.outerNames = new Set();
    const body = this.body(node.children.find((child) => child.name === 'Body'));
    this.outerNames = outer;
    const text = own ? this.expressions.source(own) : null;
    const isStatic = decorators.some((d) => d.kind === 'name' && d.name === 'staticmethod');
    return {
      name: text,
      parameters: parameters ? this.expressions.parameters(parameters) : [],
      body,
      decorators,
      isMethod,
      isStatic,
      isExported: !(text?.startsWith('_') && !text.startsWith('__')),
      inheritsThis: false,
      start: node.start,
      end: node.end,
    };
  }

  private classOf(node: Node, decorators: readonly Expression[]): ClassIr {
    const own = node.children.find((child) => child.name === 'VariableName');
    const bases = node.children.find((child) => child.name === 'ArgList');
    const members = node.children.find((child) => child.name === 'Body')?.children ?? [];
    const methods: FunctionIr[] = [];
    const rest: Node[] = [];
    for (const member of members) {
      const inner =
        member.name === 'DecoratedStatement' ? member.children[member.children.length - 1] : member;
      if (inner?.name === 'FunctionDefinition') {
        const marks = member.children
          .filter((child) => child.name === 'Decorator')
          .map((child) => this.decorator(child));
        methods.push(this.fn(inner, marks, true));
      } else if (member.name !== ':') {
        rest.push(member);
      }
    }
    return {
      name: own ? this.expressions.source(own) : null,
      bases: bases ? this.expressions.args(bases).map((base) => base.value) : [],
      decorators,
      methods,
      body: this.block(rest),
      start: node.start,
      end: node.end,
    };
  }

  private imported(node: Node): Statement[] {
    const { bindings, packages } = readImports(this.text.slice(node.start, node.end));
    packages.forEach((name) => this.imports.add(name));
    return [{ kind: 'import', bindings, start: node.start, end: node.end }];
  }
}

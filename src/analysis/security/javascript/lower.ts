import ts from 'typescript';
import { name } from '../ir/build.js';
import type {
  Branch,
  ClassIr,
  Expression,
  FunctionIr,
  ModuleIr,
  Parameter,
  Statement,
} from '../ir/ir.js';
import { exportedNames } from './exports.js';
import { moduleBindings, modulePath, requiredModule } from './imports.js';
import { type BodyLowering, JavaScriptExpressions } from './lower-expression.js';

/** Lowers a JavaScript or TypeScript file; the parser recovers from broken code. */
export function lowerJavaScript(fileName: string, text: string): ModuleIr {
  const file = ts.createSourceFile(
    fileName,
    text,
    ts.ScriptTarget.Latest,
    false,
    scriptKind(fileName),
  );
  const lowering = new JavaScriptStatements(file);
  const body = lowering.block(file.statements);
  return { language: 'javascript', body, imports: lowering.imports };
}

function scriptKind(fileName: string): ts.ScriptKind {
  // Plain JavaScript is read as JSX, which is a superset of it; in TypeScript `<T>x` would clash.
  return /\.[mc]?ts$/.test(fileName)
    ? ts.ScriptKind.TS
    : fileName.endsWith('.tsx')
      ? ts.ScriptKind.TSX
      : ts.ScriptKind.JSX;
}

const MAX_BLOCKS = 60;

class JavaScriptStatements implements BodyLowering {
  readonly imports = new Set<string>();
  private readonly expressions: JavaScriptExpressions;
  private readonly exportedNames: ReadonlySet<string>;
  private nesting = 0;

  constructor(private readonly file: ts.SourceFile) {
    this.expressions = new JavaScriptExpressions(file, this);
    this.exportedNames = exportedNames(file);
  }

  block(nodes: readonly ts.Statement[]): Statement[] {
    if (this.nesting >= MAX_BLOCKS) {
      return [];
    }
    this.nesting += 1;
    const statements = nodes.flatMap((node) => this.statement(node));
    this.nesting -= 1;
    return statements;
  }

  private body(node: ts.Statement | undefined): Statement[] {
    return node ? this.block(ts.isBlock(node) ? node.statements : [node]) : [];
  }

  private statement(node: ts.Statement): Statement[] {
    const at = this.expressions.at(node);
    if (ts.isExpressionStatement(node)) {
      const value = this.lower(node.expression);
      this.noteRequire(node.expression);
      if (value.kind === 'assign') {
        return [
          { kind: 'assign', target: value.target, value: value.value, declares: false, ...at },
        ];
      }
      return [{ kind: 'expression', value, ...at }];
    }
    if (ts.isVariableStatement(node)) {
      return this.variables(node.declarationList);
    }
    if (ts.isFunctionDeclaration(node)) {
      return node.body ? [{ kind: 'function', fn: this.fn(node), ...at }] : [];
    }
    if (ts.isClassDeclaration(node)) {
      return [{ kind: 'class', declaration: this.classOf(node), ...at }];
    }
    if (ts.isReturnStatement(node)) {
      return [
        {
          kind: 'return',
          ...(node.expression ? { value: this.lower(node.expression) } : {}),
          ...at,
        },
      ];
    }
    if (ts.isIfStatement(node)) {
      return [this.conditional(node)];
    }
    if (ts.isBlock(node)) {
      return [{ kind: 'block', body: this.block(node.statements), ...at }];
    }
    if (ts.isThrowStatement(node)) {
      return [{ kind: 'throw', value: this.lower(node.expression), ...at }];
    }
    if (ts.isTryStatement(node)) {
      return [this.tryBlock(node)];
    }
    if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) {
      return [{ kind: 'jump', ...at }];
    }
    if (ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node)) {
      const bindings = moduleBindings(node);
      bindings.forEach((binding) => this.imports.add(binding.path.split('.')[0] ?? ''));
      return [{ kind: 'import', bindings, ...at }];
    }
    if (ts.isExportAssignment(node)) {
      return [{ kind: 'expression', value: this.lower(node.expression), ...at }];
    }
    return this.loops(node);
  }

  private loops(node: ts.Statement): Statement[] {
    const at = this.expressions.at(node);
    if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
      const { initializer } = node;
      const target = ts.isVariableDeclarationList(initializer)
        ? initializer.declarations[0] && this.expressions.pattern(initializer.declarations[0].name)
        : this.lower(initializer);
      // The keys of an object are walked by `for in`: they come from it just as its values do.
      return [
        {
          kind: 'loop',
          ...(target ? { target } : {}),
          iterable: this.lower(node.expression),
          body: this.body(node.statement),
          ...at,
        },
      ];
    }
    if (ts.isForStatement(node)) {
      const before = !node.initializer
        ? []
        : ts.isVariableDeclarationList(node.initializer)
          ? this.variables(node.initializer)
          : [{ kind: 'expression' as const, value: this.lower(node.initializer), ...at }];
      const step: Statement[] = node.incrementor
        ? [{ kind: 'expression', value: this.lower(node.incrementor), ...at }]
        : [];
      return [
        ...before,
        {
          kind: 'loop',
          ...(node.condition ? { test: this.lower(node.condition) } : {}),
          body: [...this.body(node.statement), ...step],
          ...at,
        },
      ];
    }
    if (ts.isWhileStatement(node) || ts.isDoStatement(node)) {
      const test = this.lower(node.expression);
      return [{ kind: 'loop', test, body: this.body(node.statement), ...at }];
    }
    if (ts.isSwitchStatement(node)) {
      return [this.switchBlock(node)];
    }
    if (ts.isLabeledStatement(node)) {
      return this.statement(node.statement);
    }
    if (ts.isModuleDeclaration(node) && node.body && ts.isModuleBlock(node.body)) {
      return [{ kind: 'block', body: this.block(node.body.statements), ...at }];
    }
    return [];
  }

  private lower(node: ts.Expression | ts.ForInitializer): Expression {
    return this.expressions.lower(node as ts.Expression);
  }

  private noteRequire(node: ts.Expression | undefined): void {
    const module = node && requiredModule(node);
    if (module) {
      this.imports.add(modulePath(module));
    }
  }

  private variables(list: ts.VariableDeclarationList): Statement[] {
    return list.declarations.flatMap((declaration): Statement[] => {
      this.noteRequire(declaration.initializer);
      if (!declaration.initializer) {
        return [];
      }
      return [
        {
          kind: 'assign',
          target: this.expressions.pattern(declaration.name),
          value: this.lower(declaration.initializer),
          declares: true,
          ...this.expressions.at(declaration),
        },
      ];
    });
  }

  private conditional(node: ts.IfStatement): Statement {
    const branches: Branch[] = [];
    let current: ts.Statement | undefined = node;
    while (current && ts.isIfStatement(current)) {
      branches.push({
        test: this.lower(current.expression),
        body: this.body(current.thenStatement),
      });
      current = current.elseStatement;
    }
    return { kind: 'if', branches, otherwise: this.body(current), ...this.expressions.at(node) };
  }

  private switchBlock(node: ts.SwitchStatement): Statement {
    const subject = this.lower(node.expression);
    const branches: Branch[] = [];
    let otherwise: Statement[] = [];
    let pending: Expression[] = [];
    for (const clause of node.caseBlock.clauses) {
      const at = this.expressions.at(clause);
      // `break` only leaves the switch: it must not look as if the function were left.
      const body = this.block(clause.statements).filter((statement) => statement.kind !== 'jump');
      if (ts.isDefaultClause(clause)) {
        otherwise = body;
        continue;
      }
      const right = this.lower(clause.expression);
      pending.push({ kind: 'binary', operator: '==', left: subject, right, ...at });
      if (clause.statements.length > 0) {
        const [first] = pending;
        const test: Expression =
          pending.length === 1 && first
            ? first
            : { kind: 'logical', operator: 'or', operands: pending, ...at };
        branches.push({ test, body });
        pending = [];
      }
    }
    return { kind: 'if', branches, otherwise, ...this.expressions.at(node) };
  }

  private tryBlock(node: ts.TryStatement): Statement {
    const { catchClause } = node;
    const bound = catchClause?.variableDeclaration?.name;
    return {
      kind: 'try',
      body: this.block(node.tryBlock.statements),
      handlers: catchClause
        ? [
            {
              name: bound && ts.isIdentifier(bound) ? bound.text : null,
              body: this.block(catchClause.block.statements),
            },
          ]
        : [],
      final: node.finallyBlock ? this.block(node.finallyBlock.statements) : [],
      ...this.expressions.at(node),
    };
  }

  fn(node: ts.FunctionLikeDeclaration): FunctionIr {
    const at = this.expressions.at(node);
    const own = node.name && ts.isIdentifier(node.name) ? node.name.text : null;
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    const has = (kind: ts.SyntaxKind): boolean => modifiers.some((m) => m.kind === kind);
    const isMethod = ts.isClassElement(node);
    const fields = isMethod && ts.isConstructorDeclaration(node) ? this.parameterFields(node) : [];
    const body = !node.body
      ? []
      : ts.isBlock(node.body)
        ? this.block(node.body.statements)
        : [
            {
              kind: 'return' as const,
              value: this.lower(node.body),
              ...this.expressions.at(node.body),
            },
          ];
    return {
      name: ts.isConstructorDeclaration(node) ? 'constructor' : own,
      parameters: node.parameters.map((parameter) => this.parameter(parameter)),
      body: [...fields, ...body],
      decorators: this.decorators(node),
      isMethod,
      isStatic: has(ts.SyntaxKind.StaticKeyword),
      isExported:
        has(ts.SyntaxKind.ExportKeyword) ||
        (isMethod && !has(ts.SyntaxKind.PrivateKeyword)) ||
        (own !== null && this.exportedNames.has(own)),
      inheritsThis: ts.isArrowFunction(node),
      ...at,
    };
  }

  private decorators(node: ts.Node): Expression[] {
    return ts.canHaveDecorators(node)
      ? (ts.getDecorators(node) ?? []).map((decorator) => this.lower(decorator.expression))
      : [];
  }

  private parameter(node: ts.ParameterDeclaration): Parameter {
    return {
      target: this.expressions.pattern(node.name),
      name: ts.isIdentifier(node.name) ? node.name.text : null,
      // Longer types are cut: no name of a harmless one is as long.
      annotation: node.type?.getText(this.file).slice(0, 200) ?? null,
      decorators: this.decorators(node),
      ...(node.initializer ? { fallback: this.lower(node.initializer) } : {}),
      ...(node.dotDotDotToken ? { isRest: true } : {}),
    };
  }

  /** `constructor(private readonly db: Db)` also assigns `this.db`. */
  private parameterFields(node: ts.ConstructorDeclaration): Statement[] {
    return node.parameters.flatMap((parameter): Statement[] => {
      if (!ts.isIdentifier(parameter.name) || !ts.getModifiers(parameter)?.length) {
        return [];
      }
      const at = this.expressions.at(parameter);
      const property = parameter.name.text;
      return [
        {
          kind: 'assign',
          target: { kind: 'member', object: name(at, 'this'), property, ...at },
          value: name(at, property),
          declares: false,
          ...at,
        },
      ];
    });
  }

  classOf(node: ts.ClassLikeDeclaration): ClassIr {
    const at = this.expressions.at(node);
    const methods: FunctionIr[] = [];
    const body: Statement[] = [];
    for (const member of node.members) {
      const place = this.expressions.at(member);
      if (ts.isPropertyDeclaration(member) && member.initializer) {
        const property = ts.isComputedPropertyName(member.name)
          ? ''
          : (member.name as ts.Identifier).text;
        body.push({
          kind: 'assign',
          target: { kind: 'member', object: name(place, 'this'), property, ...place },
          value: this.lower(member.initializer),
          declares: false,
          ...place,
        });
      } else if (ts.isClassStaticBlockDeclaration(member)) {
        body.push(...this.block(member.body.statements));
      } else if (ts.isFunctionLike(member) && 'body' in member && member.body) {
        methods.push(this.fn(member as ts.MethodDeclaration));
      }
    }
    return {
      name: node.name?.text ?? null,
      bases: (node.heritageClauses ?? [])
        .filter((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)
        .flatMap((clause) => clause.types.map((type) => this.lower(type.expression))),
      decorators: this.decorators(node),
      methods,
      body,
      ...at,
    };
  }
}

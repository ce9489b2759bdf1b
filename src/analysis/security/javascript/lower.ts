import type TS from 'typescript';
import { name } from '../ir/build.js';
import {
  type ClassIr,
  DEFAULT_EXPORT,
  type Expression,
  type FunctionIr,
  type ModuleIr,
  type Parameter,
  type Statement,
} from '../ir/ir.js';
import { exportedNames, exportsOf } from './exports.js';
import { moduleBindings, modulePath, requiredModule } from './imports.js';
import { JavaScriptControl } from './lower-control.js';
import { JavaScriptExpressions } from './lower-expression.js';
import type { BodyLowering } from './lower-patterns.js';
import { loadTypeScript, ts } from './typescript.js';

/** Lowers a JavaScript or TypeScript file; the parser recovers from broken code. */
export function lowerJavaScript(fileName: string, text: string): ModuleIr {
  loadTypeScript();
  const file = ts.createSourceFile(
    fileName,
    text,
    {
      languageVersion: ts.ScriptTarget.Latest,
      // Nothing here looks at types in comments, and parsing them takes its time.
      jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    },
    false,
    scriptKind(fileName),
  );
  const lowering = new JavaScriptStatements(file);
  const body = lowering.block(file.statements);
  return { language: 'javascript', body, imports: lowering.imports, exports: exportsOf(file) };
}

function scriptKind(fileName: string): TS.ScriptKind {
  // Plain JavaScript is read as JSX, which is a superset of it; in TypeScript `<T>x` would clash.
  return /\.[mc]?ts$/.test(fileName)
    ? ts.ScriptKind.TS
    : fileName.endsWith('.tsx')
      ? ts.ScriptKind.TSX
      : ts.ScriptKind.JSX;
}

const MAX_BLOCKS = 60;

class JavaScriptStatements extends JavaScriptControl implements BodyLowering {
  readonly imports = new Set<string>();
  protected readonly expressions: JavaScriptExpressions;
  private readonly exportedNames: ReadonlySet<string>;
  private nesting = 0;

  constructor(private readonly file: TS.SourceFile) {
    super();
    this.expressions = new JavaScriptExpressions(file, this);
    this.exportedNames = exportedNames(file);
  }

  block(nodes: readonly TS.Statement[]): Statement[] {
    if (this.nesting >= MAX_BLOCKS) {
      return [];
    }
    this.nesting += 1;
    const statements = nodes.flatMap((node) => this.statement(node));
    this.nesting -= 1;
    return statements;
  }

  protected statement(node: TS.Statement): Statement[] {
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
      if (!node.body) {
        return [];
      }
      const fn = this.fn(node);
      return fn.name === null
        ? [this.defaultExport({ kind: 'function', fn, ...at })]
        : [{ kind: 'function', fn, ...at }];
    }
    if (ts.isClassDeclaration(node)) {
      const declaration = this.classOf(node);
      return declaration.name === null
        ? [this.defaultExport({ kind: 'class', declaration, ...at })]
        : [{ kind: 'class', declaration, ...at }];
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
      return [this.defaultExport(this.lower(node.expression))];
    }
    return this.loops(node);
  }

  private defaultExport(value: Expression): Statement {
    const { start, end } = value;
    const target = name({ start, end }, DEFAULT_EXPORT);
    return { kind: 'assign', target, value, declares: true, start, end };
  }

  private noteRequire(node: TS.Expression | undefined): void {
    const module = node && requiredModule(node);
    if (module) {
      this.imports.add(modulePath(module));
    }
  }

  protected variables(list: TS.VariableDeclarationList): Statement[] {
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

  fn(node: TS.FunctionLikeDeclaration): FunctionIr {
    const at = this.expressions.at(node);
    const own = node.name && ts.isIdentifier(node.name) ? node.name.text : null;
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    const has = (kind: TS.SyntaxKind): boolean => modifiers.some((m) => m.kind === kind);
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

  private decorators(node: TS.Node): Expression[] {
    return ts.canHaveDecorators(node)
      ? (ts.getDecorators(node) ?? []).map((decorator) => this.lower(decorator.expression))
      : [];
  }

  private parameter(node: TS.ParameterDeclaration): Parameter {
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
  private parameterFields(node: TS.ConstructorDeclaration): Statement[] {
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

  classOf(node: TS.ClassLikeDeclaration): ClassIr {
    const at = this.expressions.at(node);
    const methods: FunctionIr[] = [];
    const body: Statement[] = [];
    for (const member of node.members) {
      const place = this.expressions.at(member);
      if (ts.isPropertyDeclaration(member) && member.initializer) {
        const property = ts.isComputedPropertyName(member.name)
          ? ''
          : (member.name as TS.Identifier).text;
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
        methods.push(this.fn(member as TS.MethodDeclaration));
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

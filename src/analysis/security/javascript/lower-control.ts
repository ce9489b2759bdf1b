import type TS from 'typescript';
import type { Branch, Expression, Statement } from '../ir/ir.js';
import type { JavaScriptExpressions } from './lower-expression.js';
import { ts } from './typescript.js';

/** Statements that branch, repeat or guard. */
export abstract class JavaScriptControl {
  protected abstract readonly expressions: JavaScriptExpressions;

  abstract block(nodes: readonly TS.Statement[]): Statement[];

  protected abstract statement(node: TS.Statement): Statement[];

  protected abstract variables(list: TS.VariableDeclarationList): Statement[];

  protected body(node: TS.Statement | undefined): Statement[] {
    return node ? this.block(ts.isBlock(node) ? node.statements : [node]) : [];
  }

  protected lower(node: TS.Expression | TS.ForInitializer): Expression {
    return this.expressions.lower(node as TS.Expression);
  }

  protected loops(node: TS.Statement): Statement[] {
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

  protected conditional(node: TS.IfStatement): Statement {
    const branches: Branch[] = [];
    let current: TS.Statement | undefined = node;
    while (current && ts.isIfStatement(current)) {
      branches.push({
        test: this.lower(current.expression),
        body: this.body(current.thenStatement),
      });
      current = current.elseStatement;
    }
    return { kind: 'if', branches, otherwise: this.body(current), ...this.expressions.at(node) };
  }

  protected switchBlock(node: TS.SwitchStatement): Statement {
    const subject = this.lower(node.expression);
    const branches: Branch[] = [];
    let otherwise: Statement[] = [];
    let pending: Expression[] = [];
    for (const clause of node.caseBlock.clauses) {
      const at = this.expressions.at(clause);
      const body = this.block(clause.statements);
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
    return { kind: 'if', branches, otherwise, isSwitch: true, ...this.expressions.at(node) };
  }

  protected tryBlock(node: TS.TryStatement): Statement {
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
}

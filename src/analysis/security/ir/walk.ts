import type { Expression, FunctionIr, Statement } from './ir.js';

/** What a walk calls for each expression, with the names it stands under, innermost last;
 * a function's as `fn:name`, what is compared as `==name`, an element's as `[]list.key`, an empty one where a value is only part of another. */
export type Visit = (expression: Expression, names: readonly string[]) => void;

/** Visits every expression of a file once. Names are those of variables, keys, arguments and functions around it. */
export function walk(
  body: readonly Statement[],
  visit: Visit,
  names: readonly string[] = [],
): void {
  for (const statement of body) {
    walkStatement(statement, visit, names);
  }
}

function walkStatement(s: Statement, visit: Visit, names: readonly string[]): void {
  const expression = (e: Expression | undefined, under = names): void => {
    if (e) {
      walkExpression(e, visit, under);
    }
  };
  switch (s.kind) {
    case 'expression':
    case 'return':
    case 'throw':
      return expression(s.value);
    case 'assign':
      expression(s.target);
      return expression(s.value, [...names, targetName(s.target)]);
    case 'if':
      s.branches.forEach((branch) => {
        expression(branch.test);
        walk(branch.body, visit, names);
      });
      return walk(s.otherwise, visit, names);
    case 'loop':
      expression(s.iterable);
      expression(s.test);
      return walk(s.body, visit, names);
    case 'try':
      walk(s.body, visit, names);
      s.handlers.forEach((handler) => walk(handler.body, visit, names));
      return walk(s.final, visit, names);
    case 'with':
      s.items.forEach((item) => expression(item.value));
      return walk(s.body, visit, names);
    case 'block':
      return walk(s.body, visit, names);
    case 'function':
      return walkFunction(s.fn, visit, names);
    case 'class':
      s.declaration.decorators.forEach((decorator) => expression(decorator));
      walk(s.declaration.body, visit, names);
      return s.declaration.methods.forEach((method) => walkFunction(method, visit, names));
    case 'jump':
    case 'import':
      return;
  }
}

function walkFunction(fn: FunctionIr, visit: Visit, names: readonly string[]): void {
  const inside = fn.name === null ? names : [...names.slice(-2), `fn:${fn.name}`];
  fn.decorators.forEach((decorator) => walkExpression(decorator, visit, names));
  for (const parameter of fn.parameters) {
    if (parameter.fallback) {
      walkExpression(parameter.fallback, visit, [...inside, parameter.name ?? '']);
    }
  }
  walk(fn.body, visit, inside);
}

/** The last name of an assignment's target: `self.api_key` and `config['api_key']` are `api_key`. */
function targetName(target: Expression): string {
  if (target.kind === 'name') {
    return target.name;
  }
  if (target.kind === 'member') {
    return target.property;
  }
  if (target.kind !== 'index') {
    return '';
  }
  return target.index.kind === 'literal'
    ? String(target.index.value)
    : `[]${targetName(target.object)}.${targetName(target.index)}`;
}

function walkExpression(e: Expression, visit: Visit, names: readonly string[]): void {
  visit(e, names);
  const inner = (child: Expression, under = names): void => walkExpression(child, visit, under);
  switch (e.kind) {
    case 'member':
      return inner(e.object);
    case 'index':
      inner(e.object);
      return inner(e.index);
    case 'call':
      inner(e.callee);
      return e.args.forEach(({ value, keyword }) => inner(value, [...names, keyword ?? '']));
    case 'text':
    case 'tagged':
      return e.parts.forEach((part) => inner(part, [...names, '']));
    case 'binary':
      inner(e.left, [...names, '']);
      return inner(e.right, [...names, e.operator === '==' ? `==${targetName(e.left)}` : '']);
    case 'not':
    case 'unary':
    case 'pass':
      return inner(e.operand);
    case 'logical':
      return e.operands.forEach((operand) => inner(operand));
    case 'conditional':
      inner(e.test);
      inner(e.then);
      return inner(e.otherwise);
    case 'list':
      return e.items.forEach((item) => inner(item));
    case 'object':
      return e.entries.forEach(({ key, value }) => inner(value, key ? [...names, key] : names));
    case 'function':
      return walkFunction(e.fn, visit, names);
    case 'class':
      walk(e.declaration.body, visit, names);
      return e.declaration.methods.forEach((method) => walkFunction(method, visit, names));
    case 'assign':
      inner(e.target);
      return inner(e.value, [...names, targetName(e.target)]);
    case 'comprehension':
      e.clauses.forEach((clause) => inner(clause.iterable));
      return inner(e.element);
    case 'element':
      e.attributes.forEach(({ key, value }) => inner(value, key ? [...names, key] : names));
      return e.children.forEach((child) => inner(child));
    case 'opaque':
      return e.children.forEach((child) => inner(child));
    case 'literal':
    case 'regex':
    case 'name':
      return;
  }
}

import { dotted } from '../ir/build.js';
import type { Expression, Primitive } from '../ir/ir.js';
import type { Engine } from './engine.js';
import type { Frame, Value } from './values/value.js';
import { fullText } from './values/texts.js';

const MAX_REPEATED = 256;

/** The result of an operator on two known values; undefined where it isn't known. */
export function foldBinary(operator: string, left: Value, right: Value): Primitive | undefined {
  const a = left.constant;
  const b = right.constant;
  if (operator === 'in' || operator === 'not in') {
    const text = fullText(right);
    return typeof a === 'string' && text !== null && !right.isList
      ? text.includes(a) === (operator === 'in')
      : undefined;
  }
  if (operator === '*' && typeof a === 'string' && typeof b === 'number') {
    return b >= 0 && a.length * b <= MAX_REPEATED ? a.repeat(b) : undefined;
  }
  if (a === undefined || b === undefined) {
    return undefined;
  }
  switch (operator) {
    case '==':
    case 'is':
      return a === b;
    case '!=':
    case 'is not':
      return a !== b;
    default:
      return typeof a === 'number' && typeof b === 'number'
        ? arithmetic(operator, a, b)
        : undefined;
  }
}

function arithmetic(operator: string, a: number, b: number): Primitive | undefined {
  switch (operator) {
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : a / b;
    case '%':
      return b === 0 ? undefined : a % b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}

/** Numbers known in full: their sum. Text is put together elsewhere. */
export function sumOf(values: readonly Value[]): number | undefined {
  let sum = 0;
  for (const { constant } of values) {
    if (typeof constant !== 'number') {
      return undefined;
    }
    sum += constant;
  }
  return sum;
}

/**
 * Which way a test always goes, undefined for both.
 *
 * Only names of the function at hand count: what belongs to others may change behind its back. In JavaScript closures
 * change locals as well, so that no name counts there.
 */
export function decided(
  engine: Engine,
  test: Expression,
  value: Value,
  frame: Frame,
): boolean | undefined {
  if (isForDevelopers(test)) {
    return false;
  }
  return value.constant !== undefined && isOwn(engine, test, frame)
    ? Boolean(value.constant)
    : undefined;
}

const ENVIRONMENT = /(^|[._])(env|environment|node_?env|app_?env)$|(^|[._])env\.mode$/i;
/** Who sends a request may call it what they like. */
const FROM_CLIENT = /(^|\.)(query|body|params|headers|cookies|args|form|json)(\.|$)/;
const DEVELOPMENT = /(^|\.)(is_?dev(elopment)?(_?mode)?|__DEV__)$/i;
const PRODUCTION = /(^|\.)(is_?prod(uction)?(_?mode)?|__PROD__)$/i;

/** Holds on a developer's machine alone: `NODE_ENV === 'development'`, `app.get('env') !== 'production'`, `isDev`. */
export function isForDevelopers(test: Expression): boolean {
  if (test.kind === 'not') {
    const name = dotted(test.operand) ?? '';
    return PRODUCTION.test(name) && !FROM_CLIENT.test(name);
  }
  if (test.kind === 'logical') {
    return test.operator === 'and' && test.operands.some(isForDevelopers);
  }
  if (test.kind !== 'binary' || test.right.kind !== 'literal') {
    const name = dotted(test) ?? '';
    return DEVELOPMENT.test(name) && !FROM_CLIENT.test(name);
  }
  const { left, operator, right } = test;
  const setting =
    left.kind === 'call' && left.args[0]?.value.kind === 'literal'
      ? String(left.args[0].value.value)
      : (dotted(left) ?? '');
  if (!ENVIRONMENT.test(setting) || FROM_CLIENT.test(setting)) {
    return false;
  }
  return /^(==|===|is)$/.test(operator)
    ? /^(dev|development|local)$/i.test(String(right.value))
    : /^(!=|!==|is not)$/.test(operator) && /^prod(uction)?$/i.test(String(right.value));
}

function isOwn(engine: Engine, e: Expression, frame: Frame): boolean {
  const every = (parts: readonly Expression[]): boolean =>
    parts.every((part) => isOwn(engine, part, frame));
  if (e.kind === 'name') {
    return engine.module.language === 'python' && frame.layer.get(e.name) !== undefined;
  }
  if (e.kind === 'binary') {
    return every([e.left, e.right]);
  }
  if (e.kind === 'not' || e.kind === 'unary') {
    return every([e.operand]);
  }
  if (e.kind === 'text') {
    return every(e.parts);
  }
  return e.kind === 'index' ? every([e.object, e.index]) : e.kind === 'literal';
}

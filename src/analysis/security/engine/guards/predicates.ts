import { dotted } from '../../ir/build.js';
import type { Expression } from '../../ir/ir.js';
import { contexts, EVERYTHING } from '../values/context.js';
import type { Engine } from '../engine.js';
import {
  type Facts,
  hostFacts,
  isTrustedList,
  NONE,
  positive,
  URL_SETS,
  withoutPart,
} from './facts.js';
import { type Frame } from '../values/value.js';
import { fullText } from '../values/texts.js';

const MEMBERSHIP = new Set([
  'includes',
  'has',
  'contains',
  'hasOwnProperty',
  'hasOwn',
  '__contains__',
  'indexOf',
  'exec',
]);
const CHARACTER_TESTS = new Set([
  'isdigit',
  'isalnum',
  'isalpha',
  'isnumeric',
  'isdecimal',
  'isidentifier',
]);
const PREFIX_TESTS = new Set(['startsWith', 'startswith', 'is_relative_to']);
const NUMBER_TESTS = new Set([
  'isInteger',
  'isSafeInteger',
  'isFinite',
  'isNumber',
  'isUUID',
  'isUuid',
  'isInt',
  'isNumeric',
  'isAlphanumeric',
  'isAlpha',
  'isValidObjectId',
  'isMongoId',
]);
/** A function so named states by its result, or by coming back at all, that its argument is acceptable. */
export const VALIDATOR =
  /^url_has_allowed_host_and_scheme$|^_?(is|has|validate|check|assert|ensure|verify|require|matches)_?(safe|valid|allowed|permitted|trusted|whitelist|internal|known|local|legal|supported|accepted|within|inside|public|url|path|file|host|domain|redirect|id|name|input|table|column|identifier|command)/i;
export function predicate(
  engine: Engine,
  test: Expression & { kind: 'call' },
  frame: Frame,
  inner: (test: Expression) => Facts,
): Facts {
  const { callee } = test;
  const first = test.args[0]?.value;
  const method =
    callee.kind === 'member' ? callee.property : callee.kind === 'name' ? callee.name : '';
  const object = callee.kind === 'member' ? callee.object : null;
  const all = (target: Expression | null | undefined): Facts =>
    target ? positive(hostFacts(engine, target, frame), true) : NONE;
  if (method === 'isinstance') {
    const type = test.args[1]?.value;
    const names = type ? (type.kind === 'list' ? type.items.map(dotted) : [dotted(type)]) : [];
    const numeric = names.every(
      (name) => name !== null && /^(int|float|bool|UUID|uuid\.UUID|Decimal)$/.test(name),
    );
    const text = names.length === 1 && names[0] === 'str';
    return first && (numeric || text)
      ? positive([{ target: first, set: numeric ? EVERYTHING : contexts('nosql', 'object') }], true)
      : NONE;
  }
  if (CHARACTER_TESTS.has(method) && object) {
    return all(object);
  }
  if (NUMBER_TESTS.has(method)) {
    return all(first ?? object);
  }
  if (method === 'isNaN' && first) {
    return positive([{ target: first, set: EVERYTHING }], false);
  }
  if (PREFIX_TESTS.has(method) && object && first) {
    return prefix(engine, object, first, frame);
  }
  if (method === 'isAbsolute' && first) {
    return NONE;
  }
  const pattern = regexTest(engine, test, method, frame);
  if (pattern) {
    return pattern.strict ? all(pattern.target) : NONE;
  }
  if (MEMBERSHIP.has(method) && object && first) {
    if (first.kind === 'literal') {
      return positive(withoutPart(object, first.value), false);
    }
    if (method === 'hasOwn') {
      return all(test.args[1]?.value);
    }
    return isTrustedList(engine.evaluate(object, frame)) ? all(first) : NONE;
  }
  if (method === 'some' && object && test.args[0]?.value.kind === 'function') {
    return someElement(test.args[0].value, inner);
  }
  if (VALIDATOR.test(method)) {
    return {
      whenTrue: test.args.map(({ value }) => ({ target: value, set: EVERYTHING })),
      whenFalse: [],
    };
  }
  return NONE;
}

/** `prefixes.some((p) => url.startsWith(p))` */
function someElement(
  callback: Expression & { kind: 'function' },
  inner: (test: Expression) => Facts,
): Facts {
  const [statement] = callback.fn.body;
  return statement?.kind === 'return' && statement.value
    ? { whenTrue: inner(statement.value).whenTrue, whenFalse: [] }
    : NONE;
}

/** `path.startsWith(base)`, `path.indexOf(base) === 0` */
export function prefix(engine: Engine, object: Expression, start: Expression, frame: Frame): Facts {
  const text = fullText(engine.evaluate(start, frame));
  if (text === '..' || text === '../') {
    // `relative.startsWith('..')`: inside where it does not.
    const made = object.kind === 'name' ? frame.get(object.name)?.test : object;
    const inside =
      made?.kind === 'call' && /relative$/.test(dotted(made.callee) ?? '')
        ? made.args.slice(1).map(({ value }) => value)
        : [];
    return positive(
      [object, ...inside].map((target) => ({ target, set: contexts('path', 'archive') })),
      false,
    );
  }
  if (text === '//' || text === '/\\') {
    return positive([{ target: object, set: contexts('redirect') }], false);
  }
  if (text !== null && /^https?:\/\/[^/]+\//.test(text)) {
    return positive([{ target: object, set: URL_SETS }], true);
  }
  if (text !== null && /^https?:/.test(text)) {
    return NONE;
  }
  if (engine.evaluate(start, frame).origins.some((origin) => origin.kind === 'request')) {
    return NONE;
  }
  return positive(
    [
      { target: object, set: contexts('path', 'archive'), needsResolved: true },
      // Half of the check against `//host`; the other half is often a second condition beside it.
      ...(text === '/' ? [{ target: object, set: contexts('redirect') }] : []),
    ],
    true,
  );
}

/** `/^[a-z]+$/.test(x)`, `x.match(...)`, `re.fullmatch(p, x)`, `PATTERN.match(x)`. */
function regexTest(
  engine: Engine,
  test: Expression & { kind: 'call' },
  method: string,
  frame: Frame,
): { target: Expression | undefined; strict: boolean } | null {
  const { callee, args } = test;
  if (
    callee.kind !== 'member' ||
    !['test', 'match', 'fullmatch', 'search', 'exec'].includes(method)
  ) {
    return null;
  }
  const receiver = engine.evaluate(callee.object, frame);
  const isModule = receiver.path === 're' || receiver.path === 'regex';
  const patternFirst = isModule ? args[0]?.value : undefined;
  const onText = method === 'match' && engine.module.language === 'javascript';
  const patternExpression = patternFirst ?? (onText ? args[0]?.value : callee.object);
  const target = isModule ? args[1]?.value : onText ? callee.object : args[0]?.value;
  if (!patternExpression) {
    return null;
  }
  const patternText = fullText(engine.evaluate(patternExpression, frame));
  // A compiled pattern of unknown text is taken for a whitelist: it has a name and was written on purpose.
  const strict = patternText === null || isStrict(patternText, method);
  return { target, strict };
}

/** Anchored at both ends, and without a part that lets anything through. */
function isStrict(pattern: string, method: string): boolean {
  const opens =
    pattern.startsWith('^') ||
    pattern.startsWith('\\A') ||
    method === 'match' ||
    method === 'fullmatch';
  const closes = /(\$|\\Z|\\z)\)?$/.test(pattern) || method === 'fullmatch';
  return (
    opens &&
    closes &&
    !/(^|[^\\])\.[*+]/.test(pattern) &&
    !/\[\\s\\S\]|\[\^[^\]]{1,3}\][*+]/.test(pattern)
  );
}

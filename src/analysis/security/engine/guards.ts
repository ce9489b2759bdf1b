import type { Expression } from '../ir/ir.js';
import { dotted } from '../ir/build.js';
import { allBut, contexts, type ContextSet, EVERYTHING, RESOLVED } from './context.js';
import type { Engine } from './engine.js';
import type { Frame } from './frame.js';
import { cleansed, fullText, UNKNOWN, type Value, withField } from './value.js';

/** Something a test proves: the value at `target` is harmless in `set`. */
export interface Fact {
  readonly target: Expression;
  readonly set: ContextSet;
  /** Only for paths that were made absolute before. */
  readonly needsResolved?: boolean;
}

export interface Facts {
  readonly whenTrue: readonly Fact[];
  readonly whenFalse: readonly Fact[];
}

const NONE: Facts = { whenTrue: [], whenFalse: [] };
const MAX_DEPTH = 12;

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
  /^_?(is|has|validate|check|assert|ensure|verify|require|matches)_?(safe|valid|allowed|permitted|trusted|whitelist|internal|known|local|legal|supported|accepted|within|inside|public|url|path|file|host|domain|redirect|id|name|input|table|column|identifier|command)/i;
const URL_PARTS = new Set(['hostname', 'host', 'netloc', 'origin', 'port']);
const DANGEROUS_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const URL_SETS = contexts('url', 'redirect');

/** What a test proves about the values in it. */
export function factsOf(engine: Engine, test: Expression, frame: Frame, depth = 0): Facts {
  if (depth > MAX_DEPTH) {
    return NONE;
  }
  const inner = (expression: Expression): Facts => factsOf(engine, expression, frame, depth + 1);
  if (test.kind === 'not') {
    const { whenTrue, whenFalse } = inner(test.operand);
    return { whenTrue: whenFalse, whenFalse: whenTrue };
  }
  if (test.kind === 'logical') {
    const parts = test.operands.map(inner);
    return test.operator === 'and'
      ? { whenTrue: parts.flatMap((part) => part.whenTrue), whenFalse: [] }
      : { whenTrue: shared(parts), whenFalse: parts.flatMap((part) => part.whenFalse) };
  }
  if (test.kind === 'pass') {
    return inner(test.operand);
  }
  if (test.kind === 'assign') {
    return inner(test.value);
  }
  if (test.kind === 'name') {
    const known = frame.get(test.name)?.test;
    return known && known !== test ? inner(known) : NONE;
  }
  if (test.kind === 'binary') {
    return comparison(engine, test, frame, inner);
  }
  return test.kind === 'call' ? predicate(engine, test, frame) : NONE;
}

/** `x === 'a' || x === 'b'`: what every part states of the same target. */
function shared(parts: readonly Facts[]): Fact[] {
  const [first, ...rest] = parts;
  return (first?.whenTrue ?? []).filter((fact) =>
    rest.every((part) =>
      part.whenTrue.some(
        (other) => dotted(other.target) !== null && dotted(other.target) === dotted(fact.target),
      ),
    ),
  );
}

const positive = (facts: readonly Fact[], holdsWhen: boolean): Facts =>
  holdsWhen ? { whenTrue: facts, whenFalse: [] } : { whenTrue: [], whenFalse: facts };

function comparison(
  engine: Engine,
  test: Expression & { kind: 'binary' },
  frame: Frame,
  inner: (expression: Expression) => Facts,
): Facts {
  const { operator, left, right } = test;
  switch (operator) {
    case 'in':
    case 'not in': {
      const isIn = operator === 'in';
      if (left.kind === 'literal') {
        // `'..' in path`: what is left where it isn't.
        return typeof left.value === 'string' && /^(\.\.[/\\]?|[/\\])$/.test(left.value)
          ? positive([{ target: right, set: contexts('path', 'archive') }], !isIn)
          : NONE;
      }
      const list = engine.evaluate(right, frame);
      return isTrustedList(list) ? positive(hostFacts(engine, left, frame), isIn) : NONE;
    }
    case '==':
    case '!=':
    case 'is':
    case 'is not':
    case '===': {
      const same = operator === '==' || operator === 'is' || operator === '===';
      if (left.kind === 'unary' && left.operator === 'typeof' && right.kind === 'literal') {
        return positive([{ target: left.operand, set: typeContexts(String(right.value)) }], same);
      }
      if (
        left.kind === 'call' &&
        right.kind === 'literal' &&
        (right.value === null || right.value === -1)
      ) {
        // `re.match(...) is None`, `allowed.indexOf(x) === -1`
        const facts = inner(left);
        return same ? { whenTrue: facts.whenFalse, whenFalse: facts.whenTrue } : facts;
      }
      if (right.kind === 'literal' && right.value === null) {
        const facts = inner(left);
        return same ? { whenTrue: facts.whenFalse, whenFalse: facts.whenTrue } : facts;
      }
      const other = engine.evaluate(right, frame);
      const value = engine.evaluate(left, frame);
      if (/commonp(ath|refix)\(\)$/.test(value.path ?? '')) {
        return left.kind === 'call' ? positive(pathArguments(left), same) : NONE;
      }
      if (right.kind === 'literal' && DANGEROUS_KEYS.has(String(right.value))) {
        return positive([{ target: left, set: contexts('object') }], !same);
      }
      if (right.kind === 'literal' && right.value === '' && left.kind === 'member') {
        // `urlparse(target).netloc == ''`: a target on this site.
        const onSite = hostFacts(engine, left, frame).slice(1);
        return positive(onSite, same);
      }
      if (other.origins.length === 0 && isSettled(other)) {
        return positive(hostFacts(engine, left, frame), same);
      }
      if (value.origins.length === 0 && isSettled(value)) {
        return positive(hostFacts(engine, right, frame), same);
      }
      return NONE;
    }
    case '>':
    case '>=':
      return left.kind === 'call' ? positive(inner(left).whenTrue, true) : NONE;
    case '<':
      return left.kind === 'call' ? positive(inner(left).whenTrue, false) : NONE;
    default:
      return NONE;
  }
}

/** A comparison with this proves something: a constant, a setting, a name of this program. */
function isSettled(value: Value): boolean {
  return value.constant !== undefined
    ? value.constant !== null && value.constant !== ''
    : value.path !== null || fullText(value) !== null;
}

function isTrustedList(list: Value): boolean {
  return (
    list.origins.length === 0 && (list.constant === undefined || typeof list.constant === 'string')
  );
}

function typeContexts(type: string): ContextSet {
  return type === 'number' || type === 'boolean' || type === 'bigint'
    ? EVERYTHING
    : type === 'string'
      ? contexts('nosql', 'object')
      : 0;
}

/** A guard on a URL's host vouches for the URL it was parsed from. */
function hostFacts(engine: Engine, target: Expression, frame: Frame): Fact[] {
  const facts: Fact[] = [{ target, set: EVERYTHING }];
  const member =
    target.kind === 'call' && target.callee.kind === 'member' ? target.callee.object : target;
  const part = member.kind === 'member' ? member : null;
  const known = target.kind === 'name' ? frame.get(target.name)?.madeFrom : null;
  if (known && known.kind === 'member') {
    return [...facts, ...hostFacts(engine, known, frame).slice(1)];
  }
  if (part && URL_PARTS.has(part.property)) {
    facts.push({ target: part.object, set: URL_SETS });
    const madeFrom =
      part.object.kind === 'name'
        ? frame.get(part.object.name)?.madeFrom
        : part.object.kind === 'call'
          ? part.object.args[0]?.value
          : null;
    if (madeFrom) {
      facts.push({ target: madeFrom, set: URL_SETS });
    }
  }
  return facts;
}

function pathArguments(call: Expression & { kind: 'call' }): Fact[] {
  return call.args.flatMap(({ value }) =>
    (value.kind === 'list' ? value.items : [value]).map((target) => ({
      target,
      set: contexts('path', 'archive'),
    })),
  );
}

function predicate(engine: Engine, test: Expression & { kind: 'call' }, frame: Frame): Facts {
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
      return typeof first.value === 'string' && /^(\.\.[/\\]?|[/\\])$/.test(first.value)
        ? positive([{ target: object, set: contexts('path', 'archive') }], false)
        : NONE;
    }
    if (method === 'hasOwn') {
      return all(test.args[1]?.value);
    }
    return isTrustedList(engine.evaluate(object, frame)) ? all(first) : NONE;
  }
  if (method === 'some' && object && test.args[0]?.value.kind === 'function') {
    return someElement(engine, test.args[0].value, frame);
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
  engine: Engine,
  callback: Expression & { kind: 'function' },
  frame: Frame,
): Facts {
  const [statement] = callback.fn.body;
  return statement?.kind === 'return' && statement.value
    ? { whenTrue: factsOf(engine, statement.value, frame, MAX_DEPTH - 2).whenTrue, whenFalse: [] }
    : NONE;
}

function prefix(engine: Engine, object: Expression, start: Expression, frame: Frame): Facts {
  const text = fullText(engine.evaluate(start, frame));
  if (text === '..' || text === '../') {
    // `relative.startsWith('..')`: inside where it does not.
    return positive([{ target: object, set: contexts('path', 'archive') }], false);
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

/** Makes the facts hold for what runs next. */
export function applyFacts(engine: Engine, facts: readonly Fact[], frame: Frame): void {
  for (const { target, set, needsResolved } of facts) {
    if (target.kind !== 'name' && target.kind !== 'member' && target.kind !== 'index') {
      if (target.kind === 'call' && target.callee.kind === 'member') {
        // `x.toLowerCase()` was tested: the same holds for `x` in any case.
        applyFacts(engine, [{ target: target.callee.object, set }], frame);
      } else if (target.kind === 'call' && target.args[0]) {
        applyFacts(engine, [{ target: target.args[0].value, set: set & allBut('path') }], frame);
      } else if (target.kind === 'text' || target.kind === 'logical') {
        const parts = target.kind === 'text' ? target.parts : target.operands;
        applyFacts(
          engine,
          parts.filter((part) => part.kind === 'name').map((part) => ({ target: part, set })),
          frame,
        );
      }
      continue;
    }
    if (target.kind === 'member' && target.property === 'origin') {
      // Who sent a message is settled, and with it what the message says.
      const message = engine.evaluate(target.object, frame);
      if (message.path === '$event') {
        engine.store(target.object, withField(message, 'data', UNKNOWN), frame, false);
      }
    }
    const value = engine.evaluate(target, frame);
    if (value.origins.length === 0 && !value.fields) {
      continue;
    }
    if (needsResolved && !value.origins.every((origin) => (origin.clean & RESOLVED) !== 0)) {
      continue;
    }
    if (target.kind === 'index' && target.index.kind !== 'literal') {
      continue;
    }
    engine.store(target, { ...cleansed(value, set) }, frame, false);
  }
}

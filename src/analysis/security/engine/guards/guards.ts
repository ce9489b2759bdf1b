import { dotted } from '../../ir/build.js';
import type { Expression } from '../../ir/ir.js';
import { allBut, contexts, type ContextSet, EVERYTHING, RESOLVED } from '../values/context.js';
import type { Engine } from '../engine.js';
import {
  type Fact,
  type Facts,
  hostFacts,
  isTrustedList,
  NONE,
  positive,
  withoutPart,
} from './facts.js';
import { type Frame } from '../values/value.js';
import { fullText } from '../values/texts.js';
import { cleansed, withField } from '../values/parts.js';
import { UNKNOWN, type Value } from '../values/value.js';
import { predicate, prefix } from './predicates.js';

const MAX_DEPTH = 12;
/** Calls that give the same path or text in another form. */
const SAME_PATH =
  /^(str|String|(os\.path|path)\.(abspath|realpath|normpath|resolve|normalize)|os\.fspath)$/;

const DANGEROUS_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
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
  // `~text.indexOf(part)` is true where the part is found.
  if (test.kind === 'pass' || (test.kind === 'unary' && test.operator === '~')) {
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
  return test.kind === 'call' ? predicate(engine, test, frame, inner) : NONE;
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
        return positive(withoutPart(right, left.value), !isIn);
      }
      const list = engine.evaluate(right, frame);
      return isTrustedList(list) ? positive(hostFacts(engine, left, frame), isIn) : NONE;
    }
    case '==':
    case '!=':
    case 'is':
    case 'is not':
    case '===': {
      const same = operator !== '!=' && operator !== 'is not';
      const base = beginning(left, right);
      if (base) {
        const { whenTrue, whenFalse } = prefix(engine, base.object, base.start, frame);
        return same ? { whenTrue, whenFalse } : { whenTrue: whenFalse, whenFalse: whenTrue };
      }
      if (test.isLoose && [left, right].some(isNumber)) {
        // `[code] == 1`, `'0x1' == 1`: an object or a text may equal a number.
        return NONE;
      }
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

/** `path.indexOf(base) === 0` */
function beginning(
  left: Expression,
  right: Expression,
): { readonly object: Expression; readonly start: Expression } | null {
  const start = left.kind === 'call' ? left.args[0]?.value : undefined;
  return left.kind === 'call' &&
    left.callee.kind === 'member' &&
    left.callee.property === 'indexOf' &&
    start &&
    right.kind === 'literal' &&
    right.value === 0
    ? { object: left.callee.object, start }
    : null;
}

const isNumber = (e: Expression): boolean => e.kind === 'literal' && typeof e.value === 'number';

/** A comparison with this proves something: a constant, a setting, a name of this program. */
function isSettled(value: Value): boolean {
  return value.constant !== undefined
    ? value.constant !== null && value.constant !== ''
    : value.path !== null || fullText(value) !== null;
}

function typeContexts(type: string): ContextSet {
  return type === 'number' || type === 'boolean' || type === 'bigint'
    ? EVERYTHING
    : type === 'string'
      ? contexts('nosql', 'object')
      : 0;
}

function pathArguments(call: Expression & { kind: 'call' }): Fact[] {
  return call.args.flatMap(({ value }) =>
    (value.kind === 'list' ? value.items : [value]).map((target) => ({
      target,
      set: contexts('path', 'archive'),
    })),
  );
}

/** Makes the facts hold for what runs next. */
export function applyFacts(engine: Engine, facts: readonly Fact[], frame: Frame): void {
  for (const { target, set, needsResolved } of facts) {
    if (target.kind !== 'name' && target.kind !== 'member' && target.kind !== 'index') {
      if (target.kind === 'call' && SAME_PATH.test(dotted(target.callee) ?? '') && target.args[0]) {
        // `str(path)`, `os.path.realpath(path)`: what holds for it holds for the path.
        const isText = /^(str|String)$/.test(dotted(target.callee) ?? '');
        applyFacts(
          engine,
          [
            {
              target: target.args[0].value,
              set,
              ...(isText && needsResolved ? { needsResolved } : {}),
            },
          ],
          frame,
        );
      } else if (target.kind === 'call' && target.callee.kind === 'member') {
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
      if (target.index.kind === 'opaque') {
        // `x[1:-1]` is the better part of `x`.
        applyFacts(engine, [{ target: target.object, set }], frame);
      }
      continue;
    }
    engine.store(target, { ...cleansed(value, set) }, frame, false);
  }
}

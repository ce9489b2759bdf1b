import { lineageOf } from './calls/crossing.js';
import type { Expression, Language } from '../ir/ir.js';
import { evaluateCall } from './calls/calls.js';
import type { Engine } from './engine.js';
import { decided, isForDevelopers } from './folding.js';
import type { Fact } from './guards/facts.js';
import { applyFacts, factsOf } from './guards/guards.js';
import { listOf, objectLiteral } from './literals.js';
import { checkPlace, siteAt } from './sinks/sinks.js';
import { binary, textOf } from './text-building.js';
import { NOTHING } from './values/context.js';
import { joinOrigins } from './values/origins.js';
import { deepOrigins, elementOf } from './values/parts.js';
import {
  constant,
  dynamic,
  type Frame,
  join,
  type Layer,
  named,
  UNKNOWN,
  type Value,
} from './values/value.js';

/** Members that tell about a value but do not contain it. */
const SAFE_MEMBERS = new Set([
  'length',
  'size',
  'status',
  'statusCode',
  'ok',
  'byteLength',
  'content_type',
  'mimetype',
  'content_length',
  'errors',
  'is_valid',
  'method',
  'lastIndex',
  'constructor',
]);

/** Evaluates one expression; the engine counts the cost. */
export function evaluateExpression(engine: Engine, e: Expression, frame: Frame): Value {
  switch (e.kind) {
    case 'literal':
      return constant(e.value);
    case 'regex':
      return { ...named('RegExp()'), text: [e.pattern] };
    case 'name':
      return frame.get(e.name) ?? globalName(engine, e);
    case 'member':
      return engine.member(engine.evaluate(e.object, frame), e.property, e);
    case 'index':
      return element(engine, e, frame);
    case 'call':
      return evaluateCall(engine, e, frame);
    case 'text':
      return textOf(
        e.parts.map((part) => engine.evaluate(part, frame)),
        e,
      );
    case 'tagged': {
      // A tag is a function of its own: `sql` and `html` escape, and those that don't have names in the tables.
      const values = e.parts.map((part) => engine.evaluate(part, frame));
      const tag = engine.evaluate(e.tag, frame);
      const built = textOf(values, e);
      const site = siteAt(e, `${tag.path ?? '?'}\`\``, [built]);
      engine.knowledge.calls.match(site.path).forEach((place) => checkPlace(engine, place, site));
      return tag.path === 'String.raw' || tag.path === 'dedent'
        ? built
        : named(`${tag.path ?? '?'}()`);
    }
    case 'binary':
      return binary(engine, e, frame);
    case 'not':
      return negated(engine.evaluate(e.operand, frame), e);
    case 'unary':
      return unary(engine.evaluate(e.operand, frame), e.operator);
    case 'logical':
      return logical(engine, e, frame);
    case 'conditional':
      return choice(engine, e, frame);
    case 'list':
      return listOf(
        e.items.map((item) => engine.evaluate(item, frame)),
        e.items,
      );
    case 'object':
      return objectLiteral(engine, e, frame);
    case 'function': {
      const self = e.fn.inheritsThis ? null : (frame.get('this') ?? null);
      const closure = { fn: e.fn, frame, self, owner: null };
      engine.later(closure);
      return { ...UNKNOWN, closure };
    }
    case 'class':
      engine.execute(
        [{ kind: 'class', declaration: e.declaration, start: e.start, end: e.end }],
        frame,
      );
      return { ...UNKNOWN, classOf: { declaration: e.declaration, frame } };
    case 'assign': {
      const value = engine.evaluate(e.value, frame);
      engine.store(e.target, value, frame, false);
      return value;
    }
    case 'pass': {
      const value = engine.evaluate(e.operand, frame);
      // What is waited for comes from elsewhere: no guess that it was made of the arguments.
      return e.how === 'await' && value.origins.some(({ isGuess }) => isGuess)
        ? { ...value, origins: value.origins.filter(({ isGuess }) => !isGuess) }
        : value;
    }
    case 'comprehension':
      for (const clause of e.clauses) {
        engine.store(
          clause.target,
          elementOf(engine.evaluate(clause.iterable, frame)),
          frame,
          true,
        );
        for (const condition of clause.conditions) {
          engine.evaluate(condition, frame);
          applyFacts(engine, factsOf(engine, condition, frame).whenTrue, frame);
        }
      }
      return withoutShape(engine.evaluate(e.element, frame));
    case 'element':
      return jsx(engine, e, frame);
    case 'opaque': {
      const values = e.children.map((child) => engine.evaluate(child, frame));
      return dynamic(
        values.reduce((all, value) => joinOrigins(all, value.origins), UNKNOWN.origins),
      );
    }
  }
}

function choice(engine: Engine, e: Expression & { kind: 'conditional' }, frame: Frame): Value {
  const way = decided(engine, e.test, engine.evaluate(e.test, frame), frame);
  const facts = factsOf(engine, e.test, frame);
  let result: Value | null = null;
  const take = (branch: Expression, given: readonly Fact[]): Layer =>
    frame.fork(() => {
      applyFacts(engine, given, frame);
      const value = engine.evaluate(branch, frame);
      result = result ? join(result, value) : value;
    });
  frame.merge([
    ...(way === false ? [] : [take(e.then, facts.whenTrue)]),
    ...(way === true ? [] : [take(e.otherwise, facts.whenFalse)]),
  ]);
  return result ?? UNKNOWN;
}

const negated = (operand: Value, e: Expression): Value => ({
  ...UNKNOWN,
  constant: operand.constant === undefined ? undefined : !operand.constant,
  test: e,
});

const unary = ({ constant: known }: Value, operator: string): Value =>
  operator === '-' && typeof known === 'number' ? constant(-known) : UNKNOWN;

const withoutShape = (value: Value): Value => ({
  ...dynamic(deepOrigins(value)),
  text: value.text?.includes(null) ? value.text : null,
});

/** Excerpts use these without saying where they come from. */
const CONVENTIONAL: Readonly<Record<Language, ReadonlyMap<string, string>>> = {
  python: new Map([['request', '$request']]),
  javascript: new Map([
    ['req', '$req'],
    ['res', '$res'],
    ['ctx', '$ctx'],
  ]),
};

function globalName(engine: Engine, e: Expression & { kind: 'name' }): Value {
  const conventional = CONVENTIONAL[engine.module.language].get(e.name);
  return sourceAt(engine, e.name, e) ?? named(conventional ?? e.name);
}

function sourceAt(engine: Engine, path: string, at: Expression): Value | null {
  const source = engine.knowledge.memberSources.match(path)[0];
  if (!source) {
    return null;
  }
  const step = { start: at.start, end: at.end, previous: null, length: 1 };
  return dynamic([{ kind: source.kind, clean: source.clean ?? NOTHING, step }], path);
}

/** A member of a value: a known field, a source of the tables, a method, or a part of something dynamic. */
export function memberOf(engine: Engine, object: Value, property: string, at: Expression): Value {
  const path = `${object.path ?? '?'}.${property}`;
  const field = object.fields?.get(property);
  if (field) {
    return field.path ? field : { ...field, path };
  }
  const source = sourceAt(engine, path, at);
  if (source) {
    return source;
  }
  if (object.classOf) {
    for (const { declaration, frame } of lineageOf(engine, object.classOf)) {
      const fn = declaration.methods.find((method) => method.name === property);
      if (!fn) {
        continue;
      }
      const isProperty = fn.decorators.some((d) => d.kind === 'name' && d.name === 'property');
      const closure = { fn, frame, self: object, owner: declaration };
      return isProperty
        ? engine.invoke(closure, { positional: [], keywords: new Map(), rest: null }, at, frame)
        : { ...named(path), closure };
    }
  }
  return object.origins.length > 0 && !SAFE_MEMBERS.has(property)
    ? dynamic(object.origins, path)
    : named(path);
}

function element(engine: Engine, e: Expression & { kind: 'index' }, frame: Frame): Value {
  const object = engine.evaluate(e.object, frame);
  const index = engine.evaluate(e.index, frame);
  if (typeof object.constant === 'string' && typeof index.constant === 'number') {
    return constant(object.constant.at(index.constant) ?? '');
  }
  if (index.constant !== undefined && index.constant !== null) {
    const key = String(index.constant);
    const field = object.fields?.get(key);
    if (field || !object.isList) {
      return engine.member(object, key, e);
    }
  }
  return { ...dynamic(deepOrigins(object), `${object.path ?? '?'}[]`), text: null };
}

function logical(engine: Engine, e: Expression & { kind: 'logical' }, frame: Frame): Value {
  const forks: ReturnType<Frame['fork']>[] = [];
  let result: Value | null = null;
  const nest = (index: number): void => {
    const operand = e.operands[index];
    if (!operand) {
      return;
    }
    if (e.operator === 'and' && isForDevelopers(operand)) {
      result = UNKNOWN;
      return;
    }
    const value = engine.evaluate(operand, frame);
    result = result === null || e.operator === 'and' ? value : join(result, value);
    if (index + 1 < e.operands.length && index < 40) {
      const facts = factsOf(engine, operand, frame);
      forks.push(
        frame.fork(() => {
          applyFacts(engine, e.operator === 'and' ? facts.whenTrue : facts.whenFalse, frame);
          nest(index + 1);
        }),
      );
    }
  };
  nest(0);
  // Assignments inside a condition stay; what its tests proved is applied by whoever branches on it.
  const value: Value = result ?? UNKNOWN;
  return { ...value, constant: undefined, test: e };
}

function jsx(engine: Engine, e: Expression & { kind: 'element' }, frame: Frame): Value {
  for (const attribute of e.attributes) {
    const value = engine.evaluate(attribute.value, frame);
    const name = attribute.key ?? '';
    const site = siteAt(attribute.value, `${e.tag}.${name}`, [value]);
    engine.knowledge.attributes
      .match(site.path)
      .forEach((place) => checkPlace(engine, place, site));
  }
  e.children.forEach((child) => engine.evaluate(child, frame));
  return named('JSX');
}

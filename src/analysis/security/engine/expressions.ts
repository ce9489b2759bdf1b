import type { Expression, Language } from '../ir/ir.js';
import { evaluateCall } from './calls.js';
import { NOTHING } from './context.js';
import type { Engine } from './engine.js';
import {
  type Frame,
  constant,
  deepOrigins,
  dynamic,
  elementOf,
  fullText,
  join,
  joinOrigins,
  named,
  templateOf,
  UNKNOWN,
  type Value,
  withField,
  withSteps,
} from './value.js';
import { applyFacts, factsOf } from './guards.js';
import { checkPlace, siteAt } from './sinks.js';

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
      return text(
        e.parts.map((part) => engine.evaluate(part, frame)),
        e,
      );
    case 'tagged': {
      // A tag is a function of its own: `sql` and `html` escape, and those that don't have names in the tables.
      const values = e.parts.map((part) => engine.evaluate(part, frame));
      const tag = engine.evaluate(e.tag, frame);
      const built = text(values, e);
      const site = siteAt(e, `${tag.path ?? '?'}\`\``, [built]);
      engine.knowledge.calls.match(site.path).forEach((place) => checkPlace(engine, place, site));
      return tag.path === 'String.raw' || tag.path === 'dedent'
        ? built
        : named(`${tag.path ?? '?'}()`);
    }
    case 'binary':
      return binary(engine, e, frame);
    case 'not':
      engine.evaluate(e.operand, frame);
      return { ...UNKNOWN, test: e };
    case 'unary':
      engine.evaluate(e.operand, frame);
      return UNKNOWN;
    case 'logical':
      return logical(engine, e, frame);
    case 'conditional': {
      engine.evaluate(e.test, frame);
      const facts = factsOf(engine, e.test, frame);
      let then = UNKNOWN;
      let otherwise = UNKNOWN;
      const forks = [
        frame.fork(() => {
          applyFacts(engine, facts.whenTrue, frame);
          then = engine.evaluate(e.then, frame);
        }),
        frame.fork(() => {
          applyFacts(engine, facts.whenFalse, frame);
          otherwise = engine.evaluate(e.otherwise, frame);
        }),
      ];
      frame.merge(forks);
      return join(then, otherwise);
    }
    case 'list':
      return list(
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
      return value.test ? { ...value } : value;
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
    const { declaration, frame } = object.classOf;
    const fn = declaration.methods.find((method) => method.name === property);
    if (fn) {
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
  if (index.constant !== undefined && index.constant !== null) {
    const key = String(index.constant);
    const field = object.fields?.get(key);
    if (field || !object.isList) {
      return engine.member(object, key, e);
    }
  }
  return { ...dynamic(deepOrigins(object), `${object.path ?? '?'}[]`), text: null };
}

function text(values: readonly Value[], at: Expression): Value {
  const template = templateOf(values.map((value) => value.text));
  const whole = template.includes(null) ? undefined : template.join('');
  const origins = values.reduce(
    (all, value) => joinOrigins(all, deepOrigins(value, 1)),
    UNKNOWN.origins,
  );
  const parts = values.flatMap((value) => (value.path === null ? [] : [value.path])).slice(0, 12);
  const built: Value = { ...UNKNOWN, origins, text: template, constant: whole, parts };
  return origins.length > 0 ? withSteps(built, at) : built;
}

function binary(engine: Engine, e: Expression & { kind: 'binary' }, frame: Frame): Value {
  const left = engine.evaluate(e.left, frame);
  const right = engine.evaluate(e.right, frame);
  const isPython = engine.module.language === 'python';
  const origins = joinOrigins(deepOrigins(left, 1), deepOrigins(right, 1));
  const isShort = (left.text ?? []).every((part) => part === null || part.length < 10_000);
  if (e.operator === '%' && isPython && isShort && (left.text || left.origins.length > 0)) {
    const pieces = left.text?.flatMap((part) =>
      part === null
        ? [null]
        : part
            .split(/%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]/)
            .flatMap((piece, i) => (i === 0 ? [piece] : [null, piece])),
    );
    // `%d` takes numbers only.
    const onlyNumbers =
      left.text?.every(
        (part) => part === null || !/%(?:\(\w+\))?[^%diufeEgGxo\s]*[sr]/.test(part),
      ) ?? false;
    return withSteps(
      {
        ...dynamic(onlyNumbers ? left.origins : origins),
        text: pieces ? templateOf(pieces.map((piece) => [piece])) : null,
      },
      e,
    );
  }
  if (isPython && (e.operator === '/' || e.operator === '|')) {
    const path = left.path ?? right.path;
    return {
      ...withSteps(dynamic(origins, path === null ? null : `${path}`), e),
      fields: left.fields ?? right.fields,
    };
  }
  return { ...UNKNOWN, test: e };
}

function logical(engine: Engine, e: Expression & { kind: 'logical' }, frame: Frame): Value {
  const forks: ReturnType<Frame['fork']>[] = [];
  let result: Value | null = null;
  const nest = (index: number): void => {
    const operand = e.operands[index];
    if (!operand) {
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
  return { ...value, test: e };
}

function list(values: readonly Value[], items: readonly Expression[]): Value {
  let fields = new Map<string, Value>();
  let origins = UNKNOWN.origins;
  let isClosed = true;
  values.forEach((value, index) => {
    if (items[index]?.kind === 'pass') {
      origins = joinOrigins(origins, deepOrigins(value));
      isClosed = false;
    } else if (index < 40) {
      fields = fields.set(String(index), value);
    } else {
      origins = joinOrigins(origins, deepOrigins(value));
    }
  });
  return { ...UNKNOWN, origins, fields, isClosed, isList: true, path: 'list()' };
}

function objectLiteral(engine: Engine, e: Expression & { kind: 'object' }, frame: Frame): Value {
  let value: Value = { ...UNKNOWN, fields: new Map(), isClosed: true, path: 'Object()' };
  for (const entry of e.entries) {
    const computed =
      entry.computed && entry.key === null ? engine.evaluate(entry.computed, frame) : null;
    const item = engine.evaluate(entry.value, frame);
    const key = entry.key ?? (computed ? fullText(computed) : null);
    if (key === null) {
      const fields = computed
        ? value.fields
        : new Map([...(value.fields ?? []), ...(item.fields ?? [])]);
      value = {
        ...value,
        fields,
        isClosed: value.isClosed && !computed && item.isClosed,
        origins: joinOrigins(value.origins, computed ? deepOrigins(item) : item.origins),
      };
      continue;
    }
    value = withField(value, key, item);
    const places = engine.knowledge.options.match(key);
    if (places.length > 0) {
      const site = siteAt(entry.value, key, [item]);
      places.forEach((place) => checkPlace(engine, place, site));
    }
  }
  return value;
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

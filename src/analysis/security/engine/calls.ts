import type { Expression } from '../ir/ir.js';
import { type ContextSet, EVERYTHING, NOTHING } from './context.js';
import type { Engine, InvokeArguments } from './engine.js';
import type { Frame } from './frame.js';
import { applyFacts, VALIDATOR } from './guards.js';
import { lastSegment } from './pattern.js';
import { checkPlace, holds, type Site } from './sinks.js';
import {
  cleansed,
  constant,
  deepOrigins,
  dynamic,
  elementOf,
  fullText,
  join,
  joinOrigins,
  named,
  type Origin,
  templateOf,
  UNKNOWN,
  type Value,
  withField,
  withSteps,
} from './value.js';

type Call = Expression & { kind: 'call' };

/** Methods that run their callback at once, on what the receiver holds. */
const CALLBACKS = new Set([
  'then',
  'map',
  'forEach',
  'filter',
  'reduce',
  'some',
  'every',
  'find',
  'flatMap',
  'sort',
  'catch',
  'finally',
  'tap',
  'pipe',
  'subscribe',
  'on',
]);
/** Methods that put their arguments into the receiver. */
const MUTATORS = new Set([
  'push',
  'append',
  'add',
  'unshift',
  'extend',
  'update',
  'insert',
  'set',
  'write',
  'setdefault',
  'splice',
  'concat',
]);
/** Methods whose result tells about the receiver but does not contain it. */
const MEASURES = new Set([
  'length',
  'indexOf',
  'includes',
  'startsWith',
  'endsWith',
  'startswith',
  'endswith',
  'has',
  'test',
  'isdigit',
  'count',
  'find_all',
  'isalnum',
  'index',
  'lastIndexOf',
  'localeCompare',
  'charCodeAt',
  'exists',
  'is_file',
  'is_dir',
  'is_valid',
  'equals',
  'getTime',
  'hexdigest',
  'digest',
  'save',
  'delete',
  'status',
  'sendStatus',
  '__len__',
  'every',
  'some',
  'isEmpty',
  'hasOwnProperty',
  'size',
]);
const SAME_TEXT = new Set([
  'trim',
  'strip',
  'toString',
  'trimStart',
  'trimEnd',
  'rstrip',
  'lstrip',
  'dedent',
  'toLowerCase',
  'toUpperCase',
  'lower',
  'upper',
  'encode',
  'decode',
]);
const MAX_PATH = 140;

/** Evaluates one call: the tables' sinks, then what comes back. */
export function evaluateCall(engine: Engine, call: Call, frame: Frame): Value {
  const { callee } = call;
  const receiver = callee.kind === 'member' ? engine.evaluate(callee.object, frame) : null;
  const target =
    receiver && callee.kind === 'member'
      ? engine.member(receiver, callee.property, callee)
      : engine.evaluate(callee, frame);
  const path = target.path ?? (callee.kind === 'member' ? `?.${callee.property}` : '?');
  const args = evaluateArguments(engine, call, frame);
  const site: Site = {
    at: call,
    path,
    receiver,
    positional: args.positional,
    keywords: args.keywords,
    hasSpread: args.rest !== null,
    isNew: call.isNew === true,
  };
  if (!target.closure && !target.classOf) {
    engine.knowledge.calls.match(path).forEach((place) => checkPlace(engine, place, site));
  }
  for (const [key, value] of args.keywords) {
    checkOption(engine, key, value, call);
  }
  const wasGuard = VALIDATOR.test(lastSegment(path));
  if (wasGuard && /^_?(validate|check|assert|ensure|verify|require)/i.test(lastSegment(path))) {
    const sure = call.args.map(({ value }) => ({ target: value, set: EVERYTHING }));
    const result = resultOf(engine, call, frame, target, site, args);
    applyFacts(engine, sure, frame);
    return cleansed(result, EVERYTHING);
  }
  return resultOf(engine, call, frame, target, site, args);
}

/** A keyword argument as the tables' `option` sinks see it. */
function checkOption(engine: Engine, key: string, value: Value, at: Expression): void {
  const places = engine.knowledge.options.match(key);
  if (places.length > 0) {
    const site = {
      at,
      path: key,
      receiver: null,
      positional: [value],
      keywords: new Map<string, Value>(),
      hasSpread: false,
      isNew: false,
    };
    places.forEach((place) => checkPlace(engine, place, site));
  }
}

function evaluateArguments(engine: Engine, call: Call, frame: Frame): InvokeArguments {
  const positional: Value[] = [];
  const keywords = new Map<string, Value>();
  let rest: Value | null = null;
  for (const { value: expression, keyword, spread } of call.args) {
    const value = engine.evaluate(expression, frame);
    if (spread) {
      rest = rest ? join(rest, value) : value;
      if (value.isList && value.fields) {
        positional.push(...value.fields.values());
      } else if (value.fields) {
        value.fields.forEach((field, key) => keywords.set(key, field));
      }
      if (positional.length === 0 && value.origins.length > 0) {
        positional.push(dynamic(value.origins));
      }
    } else if (keyword !== undefined) {
      keywords.set(keyword, value);
    } else {
      positional.push(value);
    }
  }
  return { positional, keywords, rest };
}

function resultOf(
  engine: Engine,
  call: Call,
  frame: Frame,
  target: Value,
  site: Site,
  args: InvokeArguments,
): Value {
  const path = resultPath(site.path);
  if (target.closure) {
    const result = engine.invoke(target.closure, args, call, frame);
    return result.path === null && result.closure === null ? { ...result, path } : result;
  }
  if (target.classOf) {
    return construct(engine, call, frame, target, args);
  }
  const required = requiredModule(site);
  if (required) {
    return named(required);
  }
  const source = engine.knowledge.callSources.match(site.path)[0];
  if (source) {
    const step = { start: call.start, end: call.end, previous: null, length: 1 };
    return dynamic([{ kind: source.kind, clean: source.clean ?? NOTHING, step }], path);
  }
  const method = lastSegment(site.path);
  const callbackResult = runCallbacks(engine, call, site, args, frame, method);
  const cleans = engine.knowledge.sanitizers
    .match(site.path)
    .filter(
      ({ notReceiver, when }) =>
        !notReceiver?.test(site.path) && (when ?? []).every((condition) => holds(condition, site)),
    )
    .reduce<ContextSet | null>((set, sanitizer) => (set ?? NOTHING) | sanitizer.cleans, null);
  if (cleans !== null) {
    const all = [...args.positional, ...args.keywords.values()];
    const inner = origins([...(site.receiver ? [site.receiver] : []), ...all]);
    return cleansed({ ...dynamic(inner, path), madeFrom: call.args[0]?.value ?? null }, cleans);
  }
  if (callbackResult) {
    return callbackResult;
  }
  mutate(engine, call, site, frame, method);
  const result = withSteps(plainResult(engine, call, site, path, method), call);
  return result.madeFrom
    ? result
    : { ...result, madeFrom: call.args[0]?.value ?? null, test: call };
}

const origins = (values: readonly Value[]): readonly Origin[] =>
  values.reduce<readonly Origin[]>((all, value) => joinOrigins(all, deepOrigins(value)), []);

function resultPath(path: string): string {
  const result = `${path}()`;
  return result.length > MAX_PATH ? `…${result.slice(-MAX_PATH / 2)}` : result;
}

function requiredModule(site: Site): string | null {
  if (site.path !== 'require' && site.path !== 'import') {
    return null;
  }
  const text = site.positional[0] ? fullText(site.positional[0]) : null;
  const bare = text?.replace(/^node:/, '') ?? null;
  return bare !== null && !bare.startsWith('.') && !bare.startsWith('@')
    ? bare.replace(/\/promises?$/, '')
    : bare;
}

function construct(
  engine: Engine,
  call: Call,
  frame: Frame,
  target: Value,
  args: InvokeArguments,
): Value {
  const { classOf } = target;
  if (!classOf) {
    return UNKNOWN;
  }
  const { declaration } = classOf;
  const constructor = declaration.methods.find(
    ({ name }) => name === 'constructor' || name === '__init__',
  );
  const self: Value = { ...UNKNOWN, path: `${declaration.name ?? 'class'}()`, classOf };
  const passed = origins([...args.positional, ...args.keywords.values()]);
  if (!constructor) {
    // A record: pydantic, dataclass, error. Its fields are what it was given.
    let record: Value = { ...self, origins: args.keywords.size === 0 ? passed : [] };
    args.keywords.forEach((value, key) => (record = withField(record, key, value)));
    return record;
  }
  const closure = { fn: constructor, frame: classOf.frame, self, owner: declaration };
  const result = engine.invoke(closure, args, call, frame);
  return { ...self, fields: result.fields };
}

function runCallbacks(
  engine: Engine,
  call: Call,
  site: Site,
  args: InvokeArguments,
  frame: Frame,
  method: string,
): Value | null {
  const callbacks = args.positional.filter((value) => value.closure);
  if (callbacks.length === 0) {
    return null;
  }
  const isRoute = ROUTES.has(method) || SERVERS.has(site.path);
  if (!isRoute && site.receiver && CALLBACKS.has(method) && callbacks[0]?.closure) {
    const element =
      method === 'then' || method === 'on'
        ? dynamic(deepOrigins(site.receiver))
        : elementOf(site.receiver);
    if (method === 'on' && element.origins.length === 0) {
      engine.later(callbacks[0].closure);
      return null;
    }
    const result = engine.invoke(
      callbacks[0].closure,
      { positional: [element], keywords: new Map(), rest: null },
      call,
      frame,
    );
    switch (method) {
      case 'forEach':
        return UNKNOWN;
      case 'filter':
      case 'sort':
        return site.receiver;
      case 'find':
        return element;
      default:
        return { ...result, fields: null, isList: false, origins: deepOrigins(result) };
    }
  }
  for (const { closure } of callbacks) {
    if (closure) {
      engine.later(
        closure,
        isRoute ? handlerParameters(closure.fn.parameters.length, site) : undefined,
      );
    }
  }
  return null;
}

const ROUTES = new Set([
  'get',
  'post',
  'put',
  'delete',
  'patch',
  'all',
  'use',
  'options',
  'head',
  'param',
  'route',
]);
const SERVERS = new Set([
  'http.createServer',
  'https.createServer',
  'http2.createServer',
  'http2.createSecureServer',
]);

function handlerParameters(count: number, site: Site): readonly (Value | undefined)[] | undefined {
  const takesPath =
    site.positional[0] !== undefined &&
    (site.positional[0].text !== null ||
      site.positional[0].closure !== null ||
      site.positional[0].isList);
  if (!SERVERS.has(site.path) && !(takesPath || /use$/.test(site.path))) {
    return undefined;
  }
  if (/router|koa/i.test(site.path) && count === 1) {
    return undefined;
  }
  // Express hands errors to handlers of four parameters, the error first.
  return count === 4
    ? [undefined, named('$req'), named('$res')]
    : count === 1
      ? undefined
      : [named('$req'), named('$res')];
}

function mutate(engine: Engine, call: Call, site: Site, frame: Frame, method: string): void {
  const { callee } = call;
  if (!MUTATORS.has(method) || !site.receiver || callee.kind !== 'member') {
    return;
  }
  const added = origins([...site.positional, ...site.keywords.values()]);
  const { object } = callee;
  if (added.length === 0 || (object.kind !== 'name' && object.kind !== 'member')) {
    return;
  }
  // What has a name of its own in a library (a cookie jar, a database session) is no container of ours.
  if (
    /^[a-z][\w.]*\(\)|^\$re[sq]/i.test(site.receiver.path ?? '') &&
    !/Set\(\)|Map\(\)|Array|URLSearchParams|FormData|StringIO|list\(\)|dict\(\)/.test(
      site.receiver.path ?? '',
    )
  ) {
    return;
  }
  engine.store(
    object,
    {
      ...site.receiver,
      origins: joinOrigins(site.receiver.origins, withSteps(dynamic(added), call).origins),
    },
    frame,
    false,
  );
}

function plainResult(engine: Engine, call: Call, site: Site, path: string, method: string): Value {
  const { receiver, positional } = site;
  const everything = [...positional, ...site.keywords.values()];
  if (receiver) {
    const text = textMethod(receiver, method, positional, site);
    if (text) {
      return { ...text, path };
    }
  }
  const [subject] = positional;
  if (site.path === 'util.promisify' && subject) {
    return named(subject.path ?? path);
  }
  if (
    subject?.isClosed &&
    !subject.isList &&
    (site.path === 'Object.entries' || site.path === 'Object.keys')
  ) {
    return entriesOf(subject, site.path === 'Object.keys');
  }
  if (engine.knowledge.propagators.match(site.path).length > 0) {
    const [first] = positional;
    const isCopy = positional.length === 1 && first !== undefined;
    return {
      ...dynamic(
        origins(receiver && receiver.origins.length > 0 ? [receiver, ...everything] : everything),
        path,
      ),
      ...(isCopy
        ? { text: first.text, constant: first.constant, fields: first.fields, isList: first.isList }
        : {}),
      madeFrom: call.args[0]?.value ?? null,
    };
  }
  if (receiver && !MEASURES.has(method)) {
    const own =
      receiver.fields && !receiver.path?.startsWith('this')
        ? deepOrigins(receiver)
        : receiver.origins;
    if (own.length > 0) {
      const [key] = positional;
      const field =
        (method === 'get' || method === 'pop') && key
          ? receiver.fields?.get(fullText(key) ?? '')
          : undefined;
      return field
        ? { ...field, path: field.path ?? path }
        : dynamic(
            joinOrigins(
              own,
              method === 'replace' || method === 'concat' ? origins(everything) : [],
            ),
            path,
          );
    }
  }
  return withSettings(named(path), site);
}

/** Keys, or pairs, of an object literal: its keys are this program's own, whatever its values are. */
function entriesOf(object: Value, onlyKeys: boolean): Value {
  const list: Value = {
    ...UNKNOWN,
    isList: true,
    isClosed: true,
    path: 'list()',
    fields: new Map(),
  };
  const items = [...(object.fields ?? [])].map(([key, field]): Value =>
    onlyKeys
      ? constant(key)
      : {
          ...list,
          fields: new Map([
            ['0', constant(key)],
            ['1', field],
          ]),
        },
  );
  return { ...list, fields: new Map(items.map((item, index) => [String(index), item])) };
}

/** What an object was made with, as far as it is settled: `XMLParser(resolve_entities=False)` keeps its option. */
function withSettings(value: Value, site: Site): Value {
  let made = value;
  for (const [key, setting] of site.keywords) {
    if (setting.constant !== undefined) {
      made = withField(made, key, setting);
    }
  }
  return made;
}

/** Methods of strings that build text: `format`, `join`, `concat`, `replace` and those that keep it. */
function textMethod(
  receiver: Value,
  method: string,
  positional: readonly Value[],
  site: Site,
): Value | null {
  const all = [...positional, ...site.keywords.values()];
  if (method === 'format' && receiver.text) {
    const pieces = receiver.text.flatMap((part) =>
      part === null
        ? [null]
        : part.split(/\{[^{}]*\}/).flatMap((piece, i) => (i === 0 ? [piece] : [null, piece])),
    );
    return {
      ...dynamic(joinOrigins(receiver.origins, origins(all))),
      text: templateOf(pieces.map((piece) => [piece])),
    };
  }
  if (method === 'join' && (receiver.text || receiver.isList || receiver.origins.length > 0)) {
    // Python joins by the separator, JavaScript on the list.
    const separator = receiver.text && receiver.constant !== undefined ? positional[0] : receiver;
    if (!separator) {
      return null;
    }
    const items = separator.isList && separator.fields ? [...separator.fields.values()] : null;
    const text = items ? templateOf(items.map((item) => item.text)) : null;
    return { ...dynamic(deepOrigins(separator)), text: text && text.length > 0 ? text : null };
  }
  if (SAME_TEXT.has(method) && receiver.text) {
    return { ...receiver, closure: null };
  }
  if (method === 'concat' && receiver.text) {
    return {
      ...dynamic(joinOrigins(receiver.origins, origins(all))),
      text: templateOf([receiver.text, ...all.map((value) => value.text)]),
    };
  }
  if ((method === 'replace' || method === 'replaceAll') && receiver.text) {
    const whole = fullText(receiver);
    const added = origins(positional.slice(1));
    if (whole !== null && added.length > 0) {
      return { ...dynamic(added), text: [whole.slice(0, 60), null, whole.slice(60)] };
    }
    if (whole !== null) {
      return constant(whole);
    }
    return { ...dynamic(joinOrigins(receiver.origins, added)), text: receiver.text };
  }
  return null;
}

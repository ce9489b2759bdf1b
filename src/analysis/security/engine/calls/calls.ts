import { calledTarget } from './crossing.js';
import type { Expression } from '../../ir/ir.js';
import { type ContextSet, EVERYTHING, NOTHING } from '../values/context.js';
import { containerCall } from './containers.js';
import { cleansByName } from './replacements.js';
import { runCallbacks } from './callbacks.js';
import type { Engine, InvokeArguments } from '../engine.js';
import { type Frame } from '../values/value.js';
import { joinOrigins } from '../values/origins.js';
import { allOrigins, cleansed, withField } from '../values/parts.js';
import { dynamic, join, named, UNKNOWN, type Value, withSteps } from '../values/value.js';
import { applyFacts } from '../guards/guards.js';
import { lastSegment } from '../values/pattern.js';
import { VALIDATOR } from '../guards/predicates.js';
import { OWN_ROUTES, plainResult, requiredModule } from './results.js';
import { checkPlace, holds, type Site, siteAt } from '../sinks/sinks.js';

type Call = Expression & { kind: 'call' };

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
const MAX_PATH = 140;

/** Evaluates one call: the tables' sinks, then what comes back. */
export function evaluateCall(engine: Engine, call: Call, frame: Frame): Value {
  const { callee } = call;
  const receiver = callee.kind === 'member' ? engine.evaluate(callee.object, frame) : null;
  const called =
    receiver && callee.kind === 'member'
      ? engine.member(receiver, callee.property, callee)
      : engine.evaluate(callee, frame);
  const path = called.path ?? (callee.kind === 'member' ? `?.${callee.property}` : '?');
  const args = evaluateArguments(engine, call, frame);
  const target = calledTarget(engine, called, call.isNew === true, args);
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
  if (callee.kind === 'index' && callee.index.kind !== 'literal') {
    const index = siteAt(call, `${target.path?.slice(0, -2) ?? '?'}.[]`, [
      engine.evaluate(callee.index, frame),
    ]);
    engine.knowledge.calls.match(index.path).forEach((place) => checkPlace(engine, place, index));
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
    const site = siteAt(at, key, [value]);
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
    const cleans = cleansByName(lastSegment(site.path));
    const result = cleansed(engine.invoke(target.closure, args, call, frame), cleans);
    return result.path === null && result.closure === null ? { ...result, path } : result;
  }
  if (target.classOf) {
    return construct(engine, call, frame, target, args);
  }
  const required = requiredModule(site);
  if (required) {
    return named(required);
  }
  const source = engine.knowledge.callSources
    .match(site.path)
    .find(({ mostArguments = Infinity }) => site.positional.length <= mostArguments);
  if (source) {
    const step = { start: call.start, end: call.end, previous: null, length: 1 };
    return dynamic([{ kind: source.kind, clean: source.clean ?? NOTHING, step }], path);
  }
  if (OWN_ROUTES.test(site.path)) {
    return { ...named(path), text: ['/route/', null] };
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
    const inner = allOrigins([...(site.receiver ? [site.receiver] : []), ...all]);
    return cleansed({ ...dynamic(inner, path), madeFrom: call.args[0]?.value ?? null }, cleans);
  }
  if (callbackResult) {
    return callbackResult;
  }
  const contained = containerCall(engine, call, site, frame, method);
  if (contained) {
    return contained;
  }
  mutate(engine, call, site, frame, method);
  const result = withSteps(plainResult(engine, call, site, path, method), call);
  return result.madeFrom
    ? result
    : { ...result, madeFrom: call.args[0]?.value ?? null, test: call };
}

function resultPath(path: string): string {
  const result = `${path}()`;
  return result.length > MAX_PATH ? `…${result.slice(-MAX_PATH / 2)}` : result;
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
  const passed = allOrigins([...args.positional, ...args.keywords.values()]);
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

/** A response that was said to be no page: what goes into it is no markup. */
function notePlainAnswer(engine: Engine, call: Call, site: Site, frame: Frame): void {
  const { callee } = call;
  if (
    callee.kind === 'member' &&
    callee.object.kind === 'name' &&
    /^\$res\.(writeHead|setHeader|set|header|type|contentType)$/.test(site.path) &&
    site.positional.some(isPlainType)
  ) {
    engine.store(callee.object, named('$plainRes'), frame, false);
  }
}

const isPlainType = (value: Value): boolean =>
  /^(text\/plain|application\/(json|octet-stream)|txt|json|image\/\w+)\b/i.test(
    String(value.constant ?? ''),
  ) ||
  [...(value.fields ?? [])].some(
    ([key, field]) => /^content-type$/i.test(key) && isPlainType(field),
  );

function mutate(engine: Engine, call: Call, site: Site, frame: Frame, method: string): void {
  const { callee } = call;
  notePlainAnswer(engine, call, site, frame);
  if (!MUTATORS.has(method) || !site.receiver || callee.kind !== 'member') {
    return;
  }
  const added = allOrigins([...site.positional, ...site.keywords.values()]);
  const { object } = callee;
  if (added.length === 0 || (object.kind !== 'name' && object.kind !== 'member')) {
    return;
  }
  // What has a name of its own in a library (a cookie jar, a database session) is no container of ours.
  if (
    /^[a-z][\w.]*\(\)|^\$re[sq]/i.test(site.receiver.path ?? '') &&
    !/Set\(\)|Map\(\)|Array|URLSearchParams|FormData|StringIO|ConfigParser|deque|list\(\)|dict\(\)/.test(
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

import { allBut, NOTHING } from '../values/context.js';
import { linkedTarget } from './crossing.js';
import type { Expression } from '../../ir/ir.js';
import type { Engine, InvokeArguments } from '../engine.js';
import { type Frame } from '../values/value.js';
import { deepOrigins, elementOf } from '../values/parts.js';
import { type Closure, dynamic, named, UNKNOWN, type Value } from '../values/value.js';
import type { Site } from '../sinks/sinks.js';

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

/** Runs the callbacks of a call, at once or later; the result is null where the call decides it. */
export function runCallbacks(
  engine: Engine,
  call: Call,
  site: Site,
  args: InvokeArguments,
  frame: Frame,
  method: string,
): Value | null {
  const isRoute = ROUTES.has(method) || SERVERS.has(site.path);
  const callbacks = args.positional
    .map((value) => (isRoute ? linkedTarget(engine, value) : value))
    .filter((value) => value.closure);
  if (callbacks.length === 0) {
    return null;
  }
  if (LISTINGS.test(site.path)) {
    const step = { start: call.start, end: call.end, previous: null, length: 1 };
    const names = dynamic([{ kind: 'file', clean: allBut('html'), step }], `${site.path}()`);
    callbacks.forEach(({ closure }) => closure && engine.later(closure, [undefined, names]));
    return null;
  }
  if (!isRoute && site.receiver && CALLBACKS.has(method) && callbacks[0]?.closure) {
    const element =
      method === 'then' || method === 'on'
        ? dynamic(deepOrigins(site.receiver))
        : elementOf(site.receiver);
    const sent = method === 'on' ? messageParameters(site, callbacks[0].closure) : undefined;
    if (method === 'on' && (sent !== undefined || element.origins.length === 0)) {
      engine.later(callbacks[0].closure, sent);
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

const SOCKET = /(^|[.$~_])(web)?(socket|ws)(\(\))?$/i;
const OF_CONNECTION =
  /^(connect(ion|_error)?|disconnect(ing)?|error|close|end|open|drain|timeout|ready|finish|lookup|ping|pong|upgrade|listening|reconnect\w*)$/;

/** What the other side of a socket sends: the message and what comes with it; the answer's function is none. */
function messageParameters(
  site: Site,
  { fn }: Closure,
): readonly (Value | undefined)[] | undefined {
  const event = site.positional[0]?.constant;
  if (
    typeof event !== 'string' ||
    OF_CONNECTION.test(event) ||
    !SOCKET.test(site.receiver?.path ?? '')
  ) {
    return undefined;
  }
  return fn.parameters.map(({ name, target }) => {
    const step = { start: target.start, end: target.end, previous: null, length: 1 };
    return /^(cb|callback|done|ack|next|fn)$/.test(name ?? '')
      ? undefined
      : dynamic([{ kind: 'network', clean: NOTHING, step }], `$${name ?? '{}'}`);
  });
}

/** They hand names of files to their callback. */
const LISTINGS = /^(fs|fs-extra|graceful-fs)\.readdir$/;

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

import type { Expression } from '../../ir/ir.js';
import type { Engine } from '../engine.js';
import type { Site } from '../sinks/sinks.js';
import { withField } from '../values/parts.js';
import { fullText } from '../values/texts.js';
import { dynamic, type Frame, type Value, withSteps } from '../values/value.js';

type Call = Expression & { kind: 'call' };

const MAX_ITEMS = 40;
/** What holds values under names: `conf.set('section', 'key', value)`, `map.set(key, value)`. */
const KEYED =
  /(^|\.)(Map|WeakMap|URLSearchParams|Headers|ConfigParser|RawConfigParser|SafeConfigParser)\(\)$/;

/**
 * Calls that change or read a container whose contents are known one by one. Gives what the call gives back, null where
 * the container is not known that well.
 */
export function containerCall(
  engine: Engine,
  call: Call,
  site: Site,
  frame: Frame,
  method: string,
): Value | null {
  const { callee } = call;
  const { receiver } = site;
  if (!receiver || callee.kind !== 'member' || site.hasSpread || site.keywords.size > 0) {
    return null;
  }
  const keep = (changed: Value): void => engine.store(callee.object, changed, frame, false);
  if (KEYED.test(receiver.path ?? '')) {
    return keyed(site, receiver, method, keep, call);
  }
  if (callee.object.kind !== 'name' || !receiver.isList || !receiver.isClosed || !receiver.fields) {
    return null;
  }
  return listed([...receiver.fields.values()], receiver, method, site, keep, call);
}

function keyed(
  { positional }: Site,
  receiver: Value,
  method: string,
  keep: (changed: Value) => void,
  call: Call,
): Value | null {
  const isSet = method === 'set' && positional.length > 1;
  const keys = (isSet ? positional.slice(0, -1) : positional).map(fullText);
  if ((!isSet && method !== 'get') || keys.length === 0 || keys.includes(null)) {
    return null;
  }
  const key = keys.join('\0');
  if (!isSet) {
    return receiver.fields?.get(key) ?? null;
  }
  const value = positional[positional.length - 1];
  if (!value) {
    return null;
  }
  keep(withField(receiver, key, withSteps(value, call)));
  return receiver;
}

function listed(
  items: Value[],
  list: Value,
  method: string,
  { positional }: Site,
  keep: (changed: Value) => void,
  call: Call,
): Value | null {
  const [first, second] = positional;
  const nothing = dynamic([]);
  const become = (next: readonly Value[], result: Value): Value => {
    keep({ ...list, fields: new Map(next.map((item, index) => [String(index), item])) });
    return result;
  };
  switch (method) {
    case 'append':
    case 'push':
      return first && positional.length === 1 && items.length < MAX_ITEMS
        ? become([...items, withSteps(first, call)], nothing)
        : null;
    case 'insert':
      return second && first?.constant === 0 && items.length < MAX_ITEMS
        ? become([withSteps(second, call), ...items], nothing)
        : null;
    case 'pop':
    case 'shift': {
      const last = items[items.length - 1];
      const head = items[0];
      const takesFirst = method === 'shift' || first?.constant === 0;
      if (!head || !last || (first && !takesFirst)) {
        return null;
      }
      return takesFirst ? become(items.slice(1), head) : become(items.slice(0, -1), last);
    }
    case 'extend':
      return first?.isList &&
        first.isClosed &&
        first.fields &&
        items.length + first.fields.size < MAX_ITEMS
        ? become([...items, ...first.fields.values()], nothing)
        : null;
    default:
      return null;
  }
}

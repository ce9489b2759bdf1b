import type { Expression } from '../ir/ir.js';
import type { Engine } from './engine.js';
import { checkPlace, siteAt } from './sinks/sinks.js';
import { joinOrigins } from './values/origins.js';
import { deepOrigins, withField } from './values/parts.js';
import { fullText } from './values/texts.js';
import { type Frame, UNKNOWN, type Value } from './values/value.js';

export function listOf(values: readonly Value[], items: readonly Expression[]): Value {
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

export function objectLiteral(
  engine: Engine,
  e: Expression & { kind: 'object' },
  frame: Frame,
): Value {
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

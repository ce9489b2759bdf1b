import type { ContextSet } from './context.js';
import { joinOrigins, type Origin } from './origins.js';
import { dynamic, join, type Value } from './value.js';

const MAX_FIELDS = 60;

/** The origins of a value and of everything inside it. */
export function deepOrigins(value: Value, depth = 3): readonly Origin[] {
  let origins = value.origins;
  if (value.fields && depth > 0) {
    for (const field of value.fields.values()) {
      origins = joinOrigins(origins, deepOrigins(field, depth - 1));
    }
  }
  return origins;
}

/** Marks every origin, also of the parts, as harmless for these contexts. */
export function cleansed(value: Value, set: ContextSet, depth = 3): Value {
  if (value.origins.length === 0 && !value.fields) {
    return value;
  }
  const fields =
    value.fields && depth > 0
      ? new Map([...value.fields].map(([key, field]) => [key, cleansed(field, set, depth - 1)]))
      : value.fields;
  return {
    ...value,
    origins: value.origins.map((origin) => ({ ...origin, clean: origin.clean | set })),
    fields,
  };
}

export function withField(value: Value, key: string, field: Value): Value {
  if ((value.fields?.size ?? 0) >= MAX_FIELDS && !value.fields?.has(key)) {
    return { ...value, origins: joinOrigins(value.origins, field.origins) };
  }
  return { ...value, fields: new Map(value.fields ?? []).set(key, field) };
}

/** What a loop over a value sees. */
export function elementOf(value: Value): Value {
  if (value.isList && value.fields) {
    let all: Value | null = null;
    for (const item of value.fields.values()) {
      all = all ? join(all, item) : item;
    }
    return all
      ? { ...all, origins: joinOrigins(all.origins, value.origins) }
      : dynamic(value.origins);
  }
  return dynamic(deepOrigins(value), value.path === null ? null : `${value.path}[]`);
}

/** The origins of all of them, and of everything inside. */
export const allOrigins = (values: readonly Value[]): readonly Origin[] =>
  values.reduce<readonly Origin[]>((all, value) => joinOrigins(all, deepOrigins(value)), []);

import type { ClassIr, Expression, FunctionIr, Primitive } from '../ir/ir.js';
import type { ContextSet } from './context.js';

/** Where a dynamic value came from. `param`: a plain parameter, of unknown origin. */
export type OriginKind =
  'request' | 'browser' | 'input' | 'argv' | 'env' | 'file' | 'network' | 'param';

/** One step of a flow, newest first through `previous`. */
export interface Step {
  readonly start: number;
  readonly end: number;
  readonly previous: Step | null;
  readonly length: number;
}

export interface Origin {
  readonly kind: OriginKind;
  /** What this value was made harmless for. */
  readonly clean: ContextSet;
  readonly step: Step;
  /** For `param`: whose parameter, and which. */
  readonly parameter?: { readonly fn: FunctionIr; readonly index: number };
}

export interface Closure {
  readonly fn: FunctionIr;
  readonly frame: Frame;
  readonly self: Value | null;
  readonly owner: ClassIr | null;
}

/** Text known in parts: null stands for a part that isn't known. */
export type Template = readonly (string | null)[];

/** What the engine knows of one value. Never changed once made. */
export interface Value {
  readonly origins: readonly Origin[];
  /** Canonical name, such as `subprocess.run`, `$req.query` or `sqlite3.connect().cursor`. */
  readonly path: string | null;
  /** Known in full; `undefined` when not. */
  readonly constant: Primitive | undefined;
  readonly text: Template | null;
  /** Paths of what a text was made of. */
  readonly parts: readonly string[];
  readonly fields: ReadonlyMap<string, Value> | null;
  /** `fields` holds all there is: a literal without spreads and computed keys. */
  readonly isClosed: boolean;
  readonly isList: boolean;
  readonly closure: Closure | null;
  readonly classOf: { readonly declaration: ClassIr; readonly frame: Frame } | null;
  /** A value made from `expression`, such as a parsed URL: a guard on a part of it vouches for the whole. */
  readonly madeFrom: Expression | null;
  /** Set for a boolean: the test it is the result of. */
  readonly test: Expression | null;
}

export const UNKNOWN: Value = {
  origins: [],
  path: null,
  constant: undefined,
  text: null,
  parts: [],
  fields: null,
  isClosed: false,
  isList: false,
  closure: null,
  classOf: null,
  madeFrom: null,
  test: null,
};

const MAX_ORIGINS = 5;
const MAX_STEPS = 14;
const MAX_FIELDS = 60;
const MAX_PIECES = 80;

export function constant(value: Primitive): Value {
  return { ...UNKNOWN, constant: value, text: value === null ? null : [String(value)] };
}

export const named = (path: string): Value => ({ ...UNKNOWN, path });

/** A value that carries these origins and is known no closer. */
export const dynamic = (origins: readonly Origin[], path: string | null = null): Value => ({
  ...UNKNOWN,
  origins,
  path,
});

/** Adds a step to a flow; a long flow keeps its beginning and drops the middle. */
export function withStep(origin: Origin, at: { start: number; end: number }): Origin {
  const { step } = origin;
  if ((step.start === at.start && step.end === at.end) || step.length >= MAX_STEPS) {
    return origin;
  }
  const { start, end } = at;
  return { ...origin, step: { start, end, previous: step, length: step.length + 1 } };
}

export function withSteps(value: Value, at: { start: number; end: number }): Value {
  return value.origins.length === 0
    ? value
    : { ...value, origins: value.origins.map((origin) => withStep(origin, at)) };
}

function rootOf(step: Step): number {
  let current = step;
  while (current.previous) {
    current = current.previous;
  }
  return current.start;
}

/** Both sets; of two flows from one source the less clean one counts. */
export function joinOrigins(a: readonly Origin[], b: readonly Origin[]): readonly Origin[] {
  if (a.length === 0 || a === b) {
    return b;
  }
  if (b.length === 0) {
    return a;
  }
  const joined = [...a];
  for (const origin of b) {
    const root = rootOf(origin.step);
    const same = joined.findIndex(
      (other) => other.kind === origin.kind && rootOf(other.step) === root,
    );
    const other = joined[same];
    if (other) {
      joined[same] = { ...other, clean: other.clean & origin.clean };
    } else if (joined.length < MAX_ORIGINS) {
      joined.push(origin);
    }
  }
  return joined;
}

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

/** What is known where two ways of control meet. */
export function join(a: Value, b: Value, depth = 3): Value {
  if (a === b) {
    return a;
  }
  let fields: Map<string, Value> | null = null;
  if ((a.fields || b.fields) && depth > 0) {
    fields = new Map(a.fields ?? []);
    for (const [key, field] of b.fields ?? []) {
      const other = fields.get(key);
      fields.set(key, other ? join(other, field, depth - 1) : field);
    }
  }
  return {
    origins: joinOrigins(a.origins, b.origins),
    path: a.path ?? b.path,
    constant: a.constant === b.constant ? a.constant : undefined,
    text: sameText(a.text, b.text) ? a.text : a.text && b.text && longer(a.text, b.text),
    parts: a.parts.length > 0 ? a.parts : b.parts,
    fields,
    isClosed: a.isClosed && b.isClosed,
    isList: a.isList || b.isList,
    closure: a.closure ?? b.closure,
    classOf: a.classOf ?? b.classOf,
    madeFrom: a.madeFrom ?? b.madeFrom,
    test: null,
  };
}

const sameText = (a: Template | null, b: Template | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((p, i) => p === b[i]));

/** Of two texts the one with holes says more about what may go wrong; it is no longer exact. */
function longer(a: Template, b: Template): Template {
  const chosen = a.includes(null) ? a : b.includes(null) ? b : a;
  return chosen.includes(null) ? chosen : [...chosen, null];
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

/** Text from pieces, neighbours merged. */
export function templateOf(pieces: readonly (Template | null)[]): Template {
  const result: (string | null)[] = [];
  for (const piece of pieces) {
    for (const part of piece ?? [null]) {
      const last = result[result.length - 1];
      if (part !== null && typeof last === 'string') {
        result[result.length - 1] = last + part;
      } else if (!(part === null && last === null && result.length > 0)) {
        result.push(part);
      }
    }
    if (result.length > MAX_PIECES) {
      return [...result.slice(0, MAX_PIECES), null];
    }
  }
  return result;
}

/** The whole text when every part of it is known. */
export function fullText(value: Value): string | null {
  if (!value.text) {
    return null;
  }
  return value.text.includes(null) ? null : value.text.join('');
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

/** Longer text is cut before a table's expressions look at it, so that no input makes them slow. */
const MAX_LOOKED_AT = 4_000;

/** What is known of a text, with `\0` for each part that isn't; null when nothing is. */
export const knownText = ({ text }: Value): string | null =>
  text
    ?.map((part) => (part ?? '\0').slice(0, MAX_LOOKED_AT))
    .join('')
    .slice(0, MAX_LOOKED_AT) ?? null;

/** Variables of one way of control: a layer holds what changed since the fork. */
export class Layer {
  readonly own = new Map<string, Value>();
  /** Control has left this way by return, throw or jump. */
  isDead = false;

  constructor(readonly below: Layer | null) {}

  get(key: string): Value | undefined {
    for (let layer: Layer | null = this as Layer; layer; layer = layer.below) {
      const value = layer.own.get(key);
      if (value) {
        return value;
      }
    }
    return undefined;
  }
}

/** One activation of a function, or the module. */
export class Frame {
  layer = new Layer(null);
  returned: Value | null = null;

  constructor(
    readonly fn: FunctionIr | null,
    readonly parent: Frame | null,
    readonly depth: number,
  ) {}

  /** The frame whose variable a name means here, null for a global. */
  owner(key: string): Frame | null {
    for (let frame: Frame | null = this as Frame; frame; frame = frame.parent) {
      if (frame.layer.get(key)) {
        return frame;
      }
    }
    return null;
  }

  get(key: string): Value | undefined {
    for (let frame: Frame | null = this as Frame; frame; frame = frame.parent) {
      const value = frame.layer.get(key);
      if (value) {
        return value;
      }
    }
    return undefined;
  }

  declare(key: string, value: Value): void {
    this.layer.own.set(key, value);
  }

  /** Assigns to the name where it lives; another function's variable keeps its old value as well. */
  assign(key: string, value: Value): void {
    const frame = this.owner(key) ?? this;
    if (frame === this) {
      this.layer.own.set(key, value);
    } else {
      const old = frame.layer.get(key);
      frame.layer.own.set(key, old ? join(old, value) : value);
    }
  }

  /** Runs `body` on a fork of the present state and gives the fork back, the state itself untouched. */
  fork(body: () => void): Layer {
    const base = this.layer;
    const fork = new Layer(base);
    fork.isDead = base.isDead;
    this.layer = fork;
    body();
    this.layer = base;
    return fork;
  }

  /** Goes on with what the forks that didn't leave agree on. */
  merge(forks: readonly Layer[]): void {
    const base = this.layer;
    const alive = forks.filter((fork) => !fork.isDead);
    const relevant = alive.length > 0 ? alive : forks;
    base.isDead = base.isDead || alive.length === 0;
    const keys = new Set(relevant.flatMap((fork) => changedKeys(fork, base)));
    for (const key of keys) {
      let merged: Value | undefined;
      for (const fork of relevant) {
        const value = fork.get(key);
        merged = merged && value ? join(merged, value) : (merged ?? value);
      }
      if (merged) {
        base.own.set(key, merged);
      }
    }
  }
}

/** Names assigned since `base`: a fork may itself stand on forks. */
function changedKeys(fork: Layer, base: Layer): string[] {
  const keys: string[] = [];
  for (let layer: Layer | null = fork; layer && layer !== base; layer = layer.below) {
    keys.push(...layer.own.keys());
  }
  return keys;
}

import type { ClassIr, Expression, FunctionIr, Primitive } from '../../ir/ir.js';
import { joinOrigins, type Origin, withStep } from './origins.js';

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

export function withSteps(value: Value, at: { start: number; end: number }): Value {
  return value.origins.length === 0
    ? value
    : { ...value, origins: value.origins.map((origin) => withStep(origin, at)) };
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

const MAX_JUMPS = 12;

/** One activation of a function, or the module. */
export class Frame {
  layer = new Layer(null);
  returned: Value | null = null;
  /** Ways that left the loop or switch at hand by `break` or `continue`; null outside of any. */
  jumps: Layer[] | null = null;
  /** Loops around what runs. */
  loops = 0;
  /** Which file's it is, by a number that its interpreter knows. */
  readonly home: number;

  constructor(
    readonly fn: FunctionIr | null,
    readonly parent: Frame | null,
    readonly depth: number,
    home = 0,
  ) {
    this.home = parent?.home ?? home;
  }

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
    const last = this.layer;
    this.layer = base;
    return last;
  }

  /** Control leaves the loop or switch at hand; what was assigned on the way there stays true behind it. */
  jump(): void {
    if (this.jumps && this.jumps.length < MAX_JUMPS) {
      this.jumps.push(this.layer);
    }
    this.layer = new Layer(this.layer);
    this.layer.isDead = true;
  }

  /** Runs `body` on a fork; gives back that fork and the ways that left it by a jump. */
  forkWithJumps(body: () => void): Layer[] {
    const outer = this.jumps;
    this.jumps = [];
    const through = this.fork(body);
    const jumped = this.jumps;
    this.jumps = outer;
    return [through, ...jumped];
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

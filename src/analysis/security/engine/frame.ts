import type { FunctionIr } from '../ir/ir.js';
import { join, type Value } from './value.js';

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

import type { FunctionIr } from '../../ir/ir.js';
import type { ContextSet } from './context.js';

/**
 * Where a dynamic value came from. `param`: a plain parameter, of unknown origin; `unknown`: a value of which not even
 * that much is known.
 */
export type OriginKind =
  'request' | 'browser' | 'input' | 'argv' | 'env' | 'file' | 'network' | 'param' | 'unknown';

/** One step of a flow, newest first through `previous`. */
export interface Step {
  readonly start: number;
  readonly end: number;
  readonly previous: Step | null;
  readonly length: number;
  /** The first step in this file of a flow that came from another one: how it came about there. */
  readonly outside?: { readonly file: string; readonly step: Step };
}

export interface Origin {
  readonly kind: OriginKind;
  /** What this value was made harmless for. */
  readonly clean: ContextSet;
  readonly step: Step;
  /** It came through a function that is not known: it may have been made harmless there. */
  readonly isGuess?: true;
  /** For `param`: whose parameter, and which. */
  readonly parameter?: { readonly fn: FunctionIr; readonly index: number };
}

const MAX_ORIGINS = 5;
const MAX_STEPS = 14;

/** Adds a step to a flow; a long flow keeps its beginning and drops the middle. */
export function withStep(origin: Origin, at: { start: number; end: number }): Origin {
  const { step } = origin;
  if ((step.start === at.start && step.end === at.end) || step.length >= MAX_STEPS) {
    return origin;
  }
  const { start, end } = at;
  return { ...origin, step: { start, end, previous: step, length: step.length + 1 } };
}

const beforeOf = (step: Step): Step | null => step.previous ?? step.outside?.step ?? null;

function rootOf(step: Step): number {
  let current = step;
  for (let before = beforeOf(current); before; before = beforeOf(current)) {
    current = before;
  }
  return current.start;
}

/** The same flow as another file sees it, which it enters at `at`. */
export function crossedInto(
  origin: Origin,
  at: { start: number; end: number },
  file: string,
): Origin {
  const { start, end } = at;
  const { step } = origin;
  return {
    ...origin,
    step: { start, end, previous: null, length: step.length + 1, outside: { file, step } },
  };
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
      const { isGuess, ...surer } = other;
      joined[same] = {
        ...surer,
        clean: other.clean & origin.clean,
        ...(isGuess && origin.isGuess ? { isGuess } : {}),
      };
    } else if (joined.length < MAX_ORIGINS) {
      joined.push(origin);
    }
  }
  return joined;
}

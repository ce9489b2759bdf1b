import { Annotation } from '@langchain/langgraph';
import type { CheckResult, MergeConflict } from '../build-results.js';
import type { StopReason } from './build-stopped.js';
import type { Plan, SuspendedEditing, WaitedFor } from './code-model.js';
import type { Usage } from './usage.js';

/** A wait that is too long to keep a worker. */
export interface Parked {
  /** Of this wait. */
  id: string;
  /** For a person watching. */
  text: string;
  waitMs: number;
  waited: WaitedFor;
  /** The conversation that goes on afterwards; absent: there was none. */
  suspended?: SuspendedEditing;
}

/**
 * What the graph knows after each step. It is a checkpoint in PostgreSQL: plain JSON, no source (that lies in
 * snapshots, and raw output in logs) and no conversation but a parked one (an interrupted one begins anew on the
 * latest snapshot).
 */
export const BuildState = Annotation.Root({
  plan: Annotation<Plan | undefined>(),
  /** The project's head when the build began; `null`: it had no source. */
  baseSnapshotId: Annotation<string | null>(),
  /** What was made so far; absent: nothing. */
  snapshotId: Annotation<string | undefined>(),
  /** What a model's work began with: the scaffold, or the project's source merged with it. */
  scaffoldId: Annotation<string | undefined>(),
  /** The engine's own text under it; `null`: there is none. */
  generatedId: Annotation<string | null | undefined>(),
  /** Whose code it is; absent: not sure. */
  trust: Annotation<'blueprint' | 'untrusted' | undefined>(),
  /** What could not be merged with the project's own changes. */
  conflicts: Annotation<MergeConflict[] | undefined>(),
  /** Whether the model calls its present work done; absent: it didn't begin. */
  isEdited: Annotation<boolean | undefined>(),
  /** Repairs that were made. */
  repairs: Annotation<number | undefined>(),
  checks: Annotation<CheckResult[] | undefined>(),
  /** The reports of failed checks, as a model gets to read them. */
  failures: Annotation<string | null | undefined>(),
  /** What the model used so far. */
  usage: Annotation<Usage | null | undefined>(),
  /** The work waits for the model's provider; `null`: no more. Cleared by the next step. */
  parked: Annotation<Parked | null | undefined>(),
  /** The text of the failed build; `null`: all checks passed. */
  problem: Annotation<string | null | undefined>(),
  /** Why the work ended before it was done; absent: it was done. */
  stopReason: Annotation<StopReason | undefined>(),
  results: Annotation<object | undefined>(),
});

export type BuildStateValue = typeof BuildState.State;

/** The plan of a state behind `plan`. */
export function planOf(state: BuildStateValue): Plan {
  if (!state.plan) {
    throw new Error('There is no plan yet');
  }
  return state.plan;
}

import { Annotation } from '@langchain/langgraph';
import type { ProjectSpec } from '../blueprints/project-spec.js';
import type { CheckResult } from '../build-results.js';

/**
 * What the graph knows after each step. It is a checkpoint in PostgreSQL: plain JSON, and no source (that lies in
 * snapshots, and raw output in logs).
 */
export const BuildState = Annotation.Root({
  spec: Annotation<ProjectSpec>(),
  /** The project's head when the build began; `null`: it had no source. */
  baseSnapshotId: Annotation<string | null>(),
  snapshotId: Annotation<string>(),
  checks: Annotation<CheckResult[]>(),
  /** The text of the failed build; absent: all checks passed. */
  problem: Annotation<string | undefined>(),
  results: Annotation<object | undefined>(),
});

export type BuildStateValue = typeof BuildState.State;

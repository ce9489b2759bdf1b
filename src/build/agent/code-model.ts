import type { ProjectSpec } from '../blueprints/project-spec.js';

export interface Goal {
  projectName: string;
  goal: string;
  parameters: Record<string, unknown>;
}

/** Path -> content. */
export type SourceTree = ReadonlyMap<string, Buffer>;

/**
 * What turns a goal into code. The graph around it plans, verifies and stores alike, whoever writes the code; a
 * language model is another subclass, with its own `trust`.
 */
export abstract class CodeModel {
  /** As named in `results.engine`. */
  abstract readonly engine: string;

  /** Who has to be trusted to run its code. */
  abstract readonly trust: 'blueprint' | 'untrusted';

  /** @throws TaskFailed where nothing of the goal was understood; the text says what can be built. */
  abstract plan(goal: Goal, signal: AbortSignal): Promise<ProjectSpec>;

  abstract scaffold(spec: ProjectSpec, signal: AbortSignal): Promise<SourceTree>;
}

import { ChildEntity } from 'typeorm';
import { Task } from '../tasks/task.entity.js';
import type { BuildResults } from './build-results.js';

/** What was asked of a build, as checked by `CreateBuildDto`. */
export interface BuildInput {
  goal: string;
  parameters: Record<string, unknown>;
  /** The build whose work this one goes on with. */
  retryOf?: string;
  /** The build whose code is checked again; nothing is made then. */
  verifyOf?: string;
  /** Of `verifyOf`: the snapshot that is checked. */
  snapshotId?: string;
}

export const BUILD = 'build';

@ChildEntity(BUILD)
export class Build extends Task {
  declare input: BuildInput;
  declare results: BuildResults | null;
}

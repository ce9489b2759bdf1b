import { ChildEntity } from 'typeorm';
import { Task } from '../tasks/task.entity.js';
import type { BuildResults } from './build-results.js';

/** What was asked of a build, as checked by `CreateBuildDto`. */
export interface BuildInput {
  goal: string;
  parameters: Record<string, unknown>;
}

export const BUILD = 'build';

@ChildEntity(BUILD)
export class Build extends Task {
  declare input: BuildInput;
  declare results: BuildResults | null;
}

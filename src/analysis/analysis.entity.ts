import { ChildEntity } from 'typeorm';
import { Task } from '../tasks/task.entity.js';
import type { AnalysisResults } from './analysis-results.js';
import type { Category } from './findings/finding.js';

/** What was asked of an analysis, and the source that was there when it was accepted. */
export interface AnalysisInput {
  analysis_types: Category[];
  build_id: string | null;
  /** Path -> text; `null`: a snapshot is analysed. */
  files: Record<string, string> | null;
  /** `null`: `files` are analysed. */
  snapshot_id: string | null;
}

export const ANALYSIS = 'analysis';

@ChildEntity(ANALYSIS)
export class Analysis extends Task {
  declare input: AnalysisInput;
  declare results: AnalysisResults | null;
}

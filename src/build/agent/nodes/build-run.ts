import type { Generation } from '../../../projects/generations.js';
import type { SnapshotStore } from '../../../projects/snapshot-store.js';
import type { TaskContext } from '../../../tasks/task-processor.js';
import type { Build } from '../../build.entity.js';
import { BuildStopped } from '../build-stopped.js';
import type { BuildStateValue } from '../build-state.js';
import type { CodeSession, SourceTree } from '../code-model.js';

/** What the steps of one build share. */
export interface BuildRun {
  build: Build;
  context: TaskContext;
  session: CodeSession;
  /** Of the code that the session writes. */
  trust: 'blueprint' | 'untrusted';
  snapshots: SnapshotStore;
}

/** Stores what the build made, so that it can be downloaded whatever comes after. @returns the snapshot's id */
export function saveSource(
  { build, context, snapshots }: BuildRun,
  baseSnapshotId: string | null,
  files: SourceTree,
  generation: Generation,
): Promise<string> {
  return context.underLease(async (tx) => {
    const project = await snapshots.ensureProject(tx, build.owner, build.projectName);
    return snapshots.write(tx, {
      projectId: project.id,
      parentId: baseSnapshotId,
      taskId: build.id,
      author: build.owner,
      files,
      generation,
    });
  });
}

/** What a state becomes where the work can't go on. @throws any other error */
export function stoppedState(error: unknown): Partial<BuildStateValue> {
  if (!(error instanceof BuildStopped)) {
    throw error;
  }
  return { problem: error.message, stopReason: error.reason };
}

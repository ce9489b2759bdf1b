import { randomUUID } from 'node:crypto';
import type { Generation } from '../../../projects/snapshots/generations.js';
import type { SnapshotStore } from '../../../projects/snapshots/snapshot-store.js';
import { TaskParked, type TaskContext } from '../../../tasks/task-processor.js';
import type { Build } from '../../build.entity.js';
import { BuildParked } from '../build-parked.js';
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
  /** The wait that the process began after; absent: none. */
  parkedBefore?: string | undefined;
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

/** Lets go of the task where the step before began a wait: by now its state is stored. @throws TaskParked */
export function parkWhereAsked({ parkedBefore }: BuildRun, { parked }: BuildStateValue): void {
  if (parked && parked.id !== parkedBefore) {
    throw new TaskParked(parked.text, parked.waitMs);
  }
}

/** What a state becomes where the work can't go on, or not now. @throws any other error */
export function stoppedState(error: unknown): Partial<BuildStateValue> {
  if (error instanceof BuildParked) {
    const { message: text, waitMs, waited } = error;
    return { parked: { id: randomUUID(), text, waitMs, waited } };
  }
  if (!(error instanceof BuildStopped)) {
    throw error;
  }
  return { problem: error.message, stopReason: error.reason };
}

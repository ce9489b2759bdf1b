import type { TaskContext } from '../../tasks/task-processor.js';
import type { SnapshotStore } from '../../projects/snapshot-store.js';
import type { Build } from '../build.entity.js';
import type { BuildStateValue } from './build-state.js';
import type { CodeModel } from './code-model.js';

/** Writes the code and stores it, so that it can be downloaded whatever comes after. */
export function scaffoldNode(
  build: Build,
  context: TaskContext,
  model: CodeModel,
  snapshots: SnapshotStore,
) {
  return async (state: BuildStateValue): Promise<Partial<BuildStateValue>> => {
    await context.progress(10, 'Generating code');
    const files = await model.scaffold(state.spec, context.signal);
    const snapshotId = await context.underLease(async (tx) => {
      const project = await snapshots.ensureProject(tx, build.owner, build.projectName);
      return snapshots.write(tx, {
        projectId: project.id,
        parentId: state.baseSnapshotId,
        taskId: build.id,
        author: build.owner,
        files,
      });
    });
    await context.progress(25, 'Generating code', { files_created: files.size });
    return { snapshotId };
  };
}

import { TaskFailed, type TaskContext } from '../../tasks/task-processor.js';
import type { SnapshotStore } from '../../projects/snapshot-store.js';
import type { Build } from '../build.entity.js';
import type { BuildStateValue } from './build-state.js';
import type { CodeModel } from './code-model.js';

/** Turns goal and parameters into the project specification, and fixes the source that the build starts from. */
export function planNode(
  build: Build,
  context: TaskContext,
  model: CodeModel,
  snapshots: SnapshotStore,
) {
  return async (): Promise<Partial<BuildStateValue>> => {
    await context.progress(5, 'Planning');
    const spec = await model.plan(
      { projectName: build.projectName, ...build.input },
      context.signal,
    );
    const head = await context.underLease(async (tx) => {
      const project = await snapshots.ensureProject(tx, build.owner, build.projectName);
      await tx.query({ text: 'UPDATE tasks SET base_snapshot_id = $2 WHERE id = $1' }, [
        build.id,
        project.headSnapshotId,
      ]);
      return project.headSnapshotId;
    });
    const base = head === null ? null : await snapshots.find(head);
    if (base !== null && base.taskId === null && model.trust === 'blueprint') {
      throw new TaskFailed(
        'This project holds source that the blueprint engine did not write, and it only changes its own. ' +
          'Connect a language model (LLM_PROVIDER), or choose another project_name',
      );
    }
    return { spec, baseSnapshotId: head };
  };
}

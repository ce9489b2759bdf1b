import { TaskFailed } from '../../../tasks/task-processor.js';
import { stoppedState, type BuildRun } from './build-run.js';
import type { BuildStateValue } from '../build-state.js';

/** Fixes the source that the build starts from, and turns goal and parameters into the plan. */
export function planNode(run: BuildRun) {
  return async (): Promise<Partial<BuildStateValue>> => {
    const { context, session, snapshots } = run;
    await context.progress(5, 'Planning');
    const baseSnapshotId = await fixBase(run);
    try {
      const files = baseSnapshotId === null ? null : await snapshots.list(baseSnapshotId);
      const plan = await session.plan(files?.map((file) => file.path) ?? null);
      return { plan, baseSnapshotId, usage: session.usage() };
    } catch (error) {
      return { ...stoppedState(error), baseSnapshotId, usage: session.usage() };
    }
  };
}

async function fixBase({ build, context, session, snapshots }: BuildRun): Promise<string | null> {
  const head = await context.underLease(async (tx) => {
    const project = await snapshots.ensureProject(tx, build.owner, build.projectName);
    await tx.query({ text: 'UPDATE tasks SET base_snapshot_id = $2 WHERE id = $1' }, [
      build.id,
      project.headSnapshotId,
    ]);
    return project.headSnapshotId;
  });
  const base = head === null ? null : await snapshots.find(head);
  if (base !== null && base.taskId === null && !session.editor) {
    throw new TaskFailed(
      'This project holds source that the blueprint engine did not write, and it only changes its own. ' +
        'Connect a language model (LLM_PROVIDER), or choose another project_name',
    );
  }
  return head;
}

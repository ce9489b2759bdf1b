import { saveSource, type BuildRun } from './build-run.js';
import { planOf, type BuildStateValue } from '../build-state.js';

/** Writes what the engine has ready, or takes the project's source where a model is to change it. */
export function scaffoldNode(run: BuildRun) {
  return async (state: BuildStateValue): Promise<Partial<BuildStateValue>> => {
    const { context, session, snapshots } = run;
    await context.progress(10, 'Generating code');
    const head =
      session.editor && state.baseSnapshotId !== null
        ? await snapshots.read(state.baseSnapshotId)
        : null;
    const files = await session.scaffold(planOf(state), head);
    const snapshotId = await saveSource(run, state.baseSnapshotId, files);
    await context.progress(25, 'Generating code', { files_created: files.size });
    return { snapshotId };
  };
}

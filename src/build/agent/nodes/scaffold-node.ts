import type { SnapshotStore } from '../../../projects/snapshots/snapshot-store.js';
import type { Snapshot } from '../../../projects/snapshots/snapshot.entity.js';
import { mergeTrees } from '../../../projects/merge/merge-trees.js';
import { saveSource, type BuildRun } from './build-run.js';
import { planOf, type BuildStateValue } from '../build-state.js';
import type { SourceTree } from '../code-model.js';
import { toReport } from '../merge-report.js';

/**
 * Writes what the engine has ready, or takes the project's source where only a model is to change it.
 *
 * Where the project's source was edited since it was generated, the new generation is merged into it: what is stored
 * then is both, each as a snapshot, so that the next build knows the engine's own text from the user's.
 */
export function scaffoldNode(run: BuildRun) {
  return async (state: BuildStateValue): Promise<Partial<BuildStateValue>> => {
    const { context, session, snapshots } = run;
    await context.progress(10, 'Generating code');
    const base = await baseOf(state, snapshots);
    const plan = planOf(state);
    if (base && session.editor && !plan.extendsSource) {
      const files = await session.scaffold(plan, await snapshots.read(base.id));
      const { generatedId } = base;
      const snapshotId = await saveSource(
        run,
        base.id,
        files,
        generatedId === null ? null : { id: generatedId },
      );
      await context.progress(25, 'Generating code', { files_created: files.size });
      return { snapshotId, scaffoldId: snapshotId, generatedId, trust: 'untrusted' };
    }
    const files = await session.scaffold(plan, null);
    const generatedId = await saveSource(run, state.baseSnapshotId, files, 'itself');
    await context.progress(base ? 20 : 25, 'Generating code', { files_created: files.size });
    const generated = {
      snapshotId: generatedId,
      scaffoldId: generatedId,
      generatedId,
      trust: run.trust,
    };
    return base && !(await snapshots.isUnedited(base.id))
      ? { ...generated, ...(await merge(run, base, files, generatedId)) }
      : generated;
  };
}

/** @returns what differs from a state with the generation alone */
async function merge(
  run: BuildRun,
  base: Snapshot,
  generated: SourceTree,
  generatedId: string,
): Promise<Partial<BuildStateValue>> {
  const { context, snapshots } = run;
  const { files, conflicts, merged } = mergeTrees({
    base: base.generatedId === null ? new Map() : await snapshots.read(base.generatedId),
    yours: await snapshots.read(base.id),
    generated,
  });
  const snapshotId = await saveSource(run, base.id, files, { id: generatedId });
  await context.progress(25, "Merging with the project's own changes", {
    merged_files: merged,
    conflicts: conflicts.map(({ path }) => path),
  });
  // A user's text is in it: whoever wrote it, we didn't.
  return {
    snapshotId,
    scaffoldId: snapshotId,
    trust: 'untrusted',
    conflicts: toReport(conflicts),
  };
}

async function baseOf(
  { baseSnapshotId }: BuildStateValue,
  snapshots: SnapshotStore,
): Promise<Snapshot | null> {
  return baseSnapshotId === null ? null : snapshots.find(baseSnapshotId);
}

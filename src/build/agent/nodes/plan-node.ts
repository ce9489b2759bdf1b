import { TaskFailed } from '../../../tasks/task-processor.js';
import { projectSpecSchema } from '../../blueprints/project-spec.js';
import type { Head } from '../code-model.js';
import { writeBase } from '../build-seed.js';
import { parkWhereAsked, stoppedState, type BuildRun } from './build-run.js';
import type { BuildStateValue } from '../build-state.js';

/** Fixes the source that the build starts from, and turns goal and parameters into the plan. */
export function planNode(run: BuildRun) {
  return async (state: BuildStateValue): Promise<Partial<BuildStateValue>> => {
    parkWhereAsked(run, state);
    const { context, session } = run;
    await context.progress(5, 'Planning');
    const baseSnapshotId = await fixBase(run);
    try {
      const plan = await session.plan(await readHead(run, baseSnapshotId));
      return { plan, baseSnapshotId, parked: null, usage: session.usage() };
    } catch (error) {
      return { ...stoppedState(error), baseSnapshotId, usage: session.usage() };
    }
  };
}

async function fixBase({ build, context, session, snapshots }: BuildRun): Promise<string | null> {
  const head = await context.underLease(async (tx) => {
    const project = await snapshots.ensureProject(tx, build.owner, build.projectName);
    await writeBase(tx, build.id, project.headSnapshotId);
    return project.headSnapshotId;
  });
  const base = head === null ? null : await snapshots.find(head);
  if (base !== null && base.generatedId === null && !session.editor) {
    throw new TaskFailed(
      'This project holds source that the blueprint engine did not write, and it only changes its own. ' +
        'Connect a language model (LLM_PROVIDER), or choose another project_name',
    );
  }
  return head;
}

async function readHead(
  { context, snapshots }: BuildRun,
  snapshotId: string | null,
): Promise<Head | null> {
  const snapshot = snapshotId === null ? null : await snapshots.find(snapshotId);
  if (snapshot === null) {
    return null;
  }
  const files = await snapshots.list(snapshot.id);
  const generated =
    snapshot.generatedId === null ? null : await snapshots.find(snapshot.generatedId);
  const [made] = await context.underLease((tx) =>
    tx.query<{ spec: unknown }>(
      { text: `SELECT results -> 'specification' AS spec FROM tasks WHERE id = $1` },
      [generated ? generated.taskId : snapshot.taskId],
    ),
  );
  const spec = projectSpecSchema.safeParse(made?.spec);
  return {
    paths: files.map((file) => file.path),
    spec: spec.success ? spec.data : null,
    isGenerated: generated !== null,
  };
}

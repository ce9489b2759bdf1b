import type { AppConfig } from '../../../config/app-config.js';
import type { SnapshotStore } from '../../../projects/snapshots/snapshot-store.js';
import { parkWhereAsked, saveSource, stoppedState, type BuildRun } from './build-run.js';
import { planOf, type BuildStateValue } from '../build-state.js';
import { ActivityFeed } from '../tools/activity-feed.js';
import type { CheckRunner } from '../check-runner.js';
import { checkTool } from '../tools/check-tool.js';
import type { Editing, Editor } from '../code-model.js';
import { describeConflicts } from '../merge-report.js';
import { editingRange, type ProgressRange } from './progress-ranges.js';
import type { SourceFormatter } from '../source-formatter.js';
import { Workspace } from '../tools/workspace.js';
import { listFiles, workspaceTools } from '../tools/workspace-tools.js';
import { WorkspaceToolbox } from '../tools/workspace-toolbox.js';

/** After so many answers of the model its work is stored, so that a lost worker loses no more than that. */
const TURNS_PER_STEP = 5;

interface OpenWork {
  workspace: Workspace;
  editing: Editing;
  feed: ActivityFeed;
}

export interface EditTools {
  checkRunner: CheckRunner;
  formatter: SourceFormatter;
  config: AppConfig;
}

/**
 * Lets the model work on the latest snapshot for a few turns; the graph comes back until it calls its work done.
 *
 * The conversation lives in this process only: after a lost worker the next one begins anew, on what was stored.
 */
export function editNode(phase: 'implement' | 'repair', run: BuildRun, tools: EditTools) {
  let open: OpenWork | undefined;
  return async (state: BuildStateValue): Promise<Partial<BuildStateValue>> => {
    parkWhereAsked(run, state);
    const editor = editorOf(run);
    const repairs = (state.repairs ?? 0) + (phase === 'repair' ? 1 : 0);
    open ??= await begin(state, run, tools, editor, editingRange(editor, repairs));
    const { workspace, editing, feed } = open;
    let outcome: Partial<BuildStateValue>;
    try {
      const isEdited = await editing.goOn(TURNS_PER_STEP);
      // What failed before the repair says nothing of what there is after it.
      outcome = { isEdited, ...(isEdited && { repairs, failures: null }) };
    } catch (error) {
      outcome = stoppedState(error);
      if (outcome.parked) {
        outcome.isEdited = false;
        outcome.parked.suspended = editing.suspend();
      }
    }
    await feed.flush();
    if (outcome.isEdited) {
      await tools.formatter.format(workspace, run, planOf(state).spec.framework);
    }
    if (workspace.isDirty) {
      outcome.snapshotId = await saveSource(
        run,
        state.baseSnapshotId,
        workspace.snapshot(),
        state.generatedId ? { id: state.generatedId } : null,
      );
      workspace.markSaved();
    }
    if (outcome.isEdited) {
      // The next repair begins with a conversation of its own: what this one tried is in the code.
      open = undefined;
    }
    return { parked: null, ...outcome, usage: run.session.usage() };
  };
}

async function begin(
  state: BuildStateValue,
  run: BuildRun,
  { checkRunner, config }: EditTools,
  editor: Editor,
  range: ProgressRange,
): Promise<OpenWork> {
  const { context, snapshots, trust } = run;
  const plan = planOf(state);
  const isRepair = state.failures !== undefined && state.failures !== null;
  const title = isRepair ? 'Repairing' : 'Implementing';
  await context.progress(range.from, title);
  const startedFrom = await startOf(state, snapshots);
  const workspace = new Workspace(
    state.snapshotId === undefined ? new Map() : await snapshots.read(state.snapshotId),
    config.uploads.maxBytes,
    startedFrom ? await snapshots.read(startedFrom) : undefined,
  );
  let calls = 0;
  const feed = new ActivityFeed((activities) => {
    const last = activities.at(-1);
    return context.progress(
      // Nobody knows how many calls it takes: each goes a part of the way that is left.
      range.to - (range.to - range.from) * 0.97 ** calls,
      `${title}: ${[last?.tool, last?.file].filter(Boolean).join(' ')}`,
      { tool_calls: activities },
    );
  });
  const toolbox = new WorkspaceToolbox(
    {
      ...workspaceTools(workspace),
      run_checks: checkTool((only) =>
        checkRunner.run(plan.spec, workspace.snapshot(), { trust, signal: context.signal, only }),
      ),
    },
    () => listFiles(workspace),
    async (activity) => {
      calls += 1;
      await feed.add(activity);
    },
  );
  const assignment = {
    plan,
    failures: isRepair ? (state.failures ?? null) : null,
    conflicts: describeConflicts(state.conflicts ?? []),
  };
  return { workspace, feed, editing: editor.begin(assignment, toolbox, state.parked?.suspended) };
}

/** What there was before the model's first change: of a build's snapshots only the last one is kept for long. */
async function startOf(
  { scaffoldId, baseSnapshotId, generatedId }: BuildStateValue,
  snapshots: SnapshotStore,
): Promise<string | null | undefined> {
  const scaffold = scaffoldId === undefined ? null : await snapshots.find(scaffoldId);
  return scaffold?.id ?? baseSnapshotId ?? generatedId;
}

function editorOf({ session }: BuildRun): Editor {
  if (!session.editor) {
    throw new Error('This model changes no code');
  }
  return session.editor;
}

import { END, START, StateGraph } from '@langchain/langgraph';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { Sandbox, SandboxRefused } from '../../infra/sandbox/sandbox.js';
import { SnapshotStore } from '../../projects/snapshots/snapshot-store.js';
import type { TaskContext } from '../../tasks/task-processor.js';
import type { Build } from '../build.entity.js';
import type { BuildRun } from './nodes/build-run.js';
import { BuildSeed } from './build-seed.js';
import { BuildState, type BuildStateValue } from './build-state.js';
import { CheckRunner } from './check-runner.js';
import { Checkpoints } from './checkpoints.js';
import { CodeModel, type Editor } from './code-model.js';
import { editNode } from './nodes/edit-node.js';
import { packageNode } from './nodes/package-node.js';
import { planNode } from './nodes/plan-node.js';
import { scaffoldNode } from './nodes/scaffold-node.js';
import { SourceFormatter } from './source-formatter.js';
import { VERIFY_ONLY } from './verify-only.js';
import { UsageLedger } from './usage-ledger.js';
import { verifyNode } from './nodes/verify-node.js';

/** Each round of a model's work is a step; what ends it are the build's budgets, never this. */
const MAX_STEPS = 100_000;

/**
 *     plan -> scaffold -> (implement)* -> verify -> ((repair)* -> verify)* -> package
 *
 * A retry begins with the step that its build got stuck in, a verification with `verify`.
 *
 * Each step is a checkpoint in PostgreSQL: another worker goes on after the last finished one. Without a model that
 * edits there is neither implement nor repair. Failed checks are packaged as well: their reports are what the user
 * needs then.
 */
@Injectable()
export class BuildGraph {
  constructor(
    private readonly model: CodeModel,
    private readonly snapshots: SnapshotStore,
    private readonly sandbox: Sandbox,
    private readonly checkpoints: Checkpoints,
    private readonly seed: BuildSeed,
    private readonly checkRunner: CheckRunner,
    private readonly formatter: SourceFormatter,
    private readonly ledger: UsageLedger,
    private readonly config: AppConfig,
  ) {}

  /** @returns The state after the last step. @throws what a step throws, and the signal's reason when aborted. */
  async run(build: Build, context: TaskContext): Promise<BuildStateValue> {
    this.refuseUntrusted(build);
    const { saver } = this.checkpoints;
    const thread = { configurable: { thread_id: build.id } };
    const saved = await saver.getTuple(thread);
    const state = saved?.checkpoint.channel_values as Partial<BuildStateValue> | undefined;
    const run = await this.begin(build, context, state);
    try {
      return await this.invoke(run, saved ? null : await this.seed.of(build, context));
    } finally {
      await this.ledger.record(context.lease, run.session.usage());
    }
  }

  /** @param seed `null`: the thread goes on after its last step. */
  private async invoke(
    run: BuildRun,
    seed: Partial<BuildStateValue> | null,
  ): Promise<BuildStateValue> {
    const { saver } = this.checkpoints;
    const graph = this.wire(run).compile({ checkpointer: saver });
    // The thread is ours alone while the lease holds: LangGraph itself would run it twice. The signal goes to the
    // steps only: given to LangGraph too, it would return while an aborted step still cleans up.
    return (await graph.invoke(seed, {
      configurable: { thread_id: run.build.id },
      durability: 'sync',
      recursionLimit: MAX_STEPS,
    })) as BuildStateValue;
  }

  private async begin(
    build: Build,
    context: TaskContext,
    state: Partial<BuildStateValue> | undefined,
  ): Promise<BuildRun> {
    const { goal, parameters, verifyOf } = build.input;
    const session =
      verifyOf === undefined
        ? await this.model.begin(
            { projectName: build.projectName, goal, parameters },
            {
              signal: context.signal,
              usage: state?.usage ?? undefined,
              waited: state?.parked?.waited,
              onWait: (text) => context.progress(0, text),
            },
          )
        : VERIFY_ONLY;
    return {
      build,
      context,
      session,
      trust: this.model.trust,
      snapshots: this.snapshots,
      parkedBefore: state?.parked?.id,
    };
  }

  private wire(run: BuildRun) {
    const { checkRunner, formatter, config, sandbox, model } = this;
    const { editor } = run.session;
    const tools = { checkRunner, formatter, config };
    const engine = run.session === VERIFY_ONLY ? 'verify' : model.engine;
    const about = { engine, sandbox: sandbox.status, prices: config.llm?.prices };
    return new StateGraph(BuildState)
      .addNode('planning', planNode(run))
      .addNode('scaffold', scaffoldNode(run))
      .addNode('implement', editNode('implement', run, tools))
      .addNode('verify', verifyNode(run, checkRunner))
      .addNode('repair', editNode('repair', run, tools))
      .addNode('package', packageNode(run, about))
      .addConditionalEdges(START, (state) => firstStep(state, editor))
      .addConditionalEdges('planning', afterPlanning)
      .addConditionalEdges('scaffold', (state) =>
        editor && hasWork(state) ? 'implement' : 'verify',
      )
      .addConditionalEdges('implement', afterEditing('implement'))
      .addConditionalEdges('verify', (state) => afterVerifying(state, editor))
      .addConditionalEdges('repair', afterEditing('repair'))
      .addEdge('package', END);
  }

  /** Before a model is paid for code that couldn't be run. @throws SandboxRefused */
  private refuseUntrusted({ input }: Build): void {
    const { acceptsUntrusted, reason } = this.sandbox.status;
    // What a verification runs was written before, and the sandbox looks at that.
    if (input.verifyOf === undefined && this.model.trust === 'untrusted' && !acceptsUntrusted) {
      throw new SandboxRefused(
        `A model's code can't be run here, since it could not be isolated: ${reason ?? 'no sandbox'}`,
      );
    }
  }
}

/** A new build plans; one that goes on with another's work does what that one got stuck in. */
function firstStep(state: BuildStateValue, editor: Editor | null) {
  const { plan, snapshotId, failures, isEdited } = state;
  if (!plan) {
    return 'planning';
  }
  if (snapshotId === undefined) {
    return 'scaffold';
  }
  if (editor && failures) {
    return 'repair';
  }
  return editor && hasWork(state) && !isEdited ? 'implement' : 'verify';
}

/** Whether anything is left to write: what no blueprint has, or what could not be merged. */
function hasWork({ plan, conflicts }: BuildStateValue): boolean {
  return Boolean(plan?.tasks.length || conflicts?.length);
}

function afterPlanning({ stopReason, plan }: BuildStateValue) {
  if (stopReason) {
    return 'package';
  }
  return plan ? 'scaffold' : 'planning';
}

function afterEditing<S extends string>(self: S) {
  return (state: BuildStateValue) => {
    if (state.stopReason) {
      return 'package';
    }
    return state.isEdited ? 'verify' : self;
  };
}

function afterVerifying({ problem, stopReason }: BuildStateValue, editor: Editor | null) {
  return editor && problem && !stopReason ? 'repair' : 'package';
}

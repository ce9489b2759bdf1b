import { END, START, StateGraph } from '@langchain/langgraph';
import { Injectable } from '@nestjs/common';
import { Sandbox } from '../../infra/sandbox/sandbox.js';
import { SnapshotStore } from '../../projects/snapshot-store.js';
import type { TaskContext } from '../../tasks/task-processor.js';
import type { Build } from '../build.entity.js';
import { PythonToolchain } from '../../toolchains/python-toolchain.js';
import { Verifier } from '../verify/verifier.js';
import { BuildState, type BuildStateValue } from './build-state.js';
import { Checkpoints } from './checkpoints.js';
import { CodeModel } from './code-model.js';
import { packageNode } from './package-node.js';
import { planNode } from './plan-node.js';
import { scaffoldNode } from './scaffold-node.js';
import { verifyNode } from './verify-node.js';

/**
 *     plan -> scaffold -> verify -> package
 *
 * Each step is a checkpoint in PostgreSQL: another worker goes on after the last finished one. Failed checks are
 * packaged as well: their reports are what the user needs then.
 */
@Injectable()
export class BuildGraph {
  constructor(
    private readonly model: CodeModel,
    private readonly snapshots: SnapshotStore,
    private readonly toolchain: PythonToolchain,
    private readonly verifier: Verifier,
    private readonly sandbox: Sandbox,
    private readonly checkpoints: Checkpoints,
  ) {}

  /** @returns The state after the last step. @throws what a step throws, and the signal's reason when aborted. */
  async run(build: Build, context: TaskContext): Promise<BuildStateValue> {
    const { model, snapshots } = this;
    const graph = new StateGraph(BuildState)
      .addNode('plan', planNode(build, context, model, snapshots))
      .addNode('scaffold', scaffoldNode(build, context, model, snapshots))
      .addNode(
        'verify',
        verifyNode(build, context, model, snapshots, this.toolchain, this.verifier),
      )
      .addNode('package', packageNode(context, model, snapshots, this.sandbox.status))
      .addEdge(START, 'plan')
      .addEdge('plan', 'scaffold')
      .addEdge('scaffold', 'verify')
      .addEdge('verify', 'package')
      .addEdge('package', END)
      .compile({ checkpointer: this.checkpoints.saver });
    const thread = { configurable: { thread_id: build.id } };
    const hasBegun = (await this.checkpoints.saver.getTuple(thread)) !== undefined;
    // The thread is ours alone while the lease holds: LangGraph itself would run it twice. The signal goes to the
    // steps only: given to LangGraph too, it would return while an aborted step still cleans up.
    return (await graph.invoke(hasBegun ? null : {}, {
      ...thread,
      durability: 'sync',
    })) as BuildStateValue;
  }
}

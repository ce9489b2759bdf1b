import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { SandboxRefused } from '../infra/sandbox/sandbox.js';
import { SnapshotStore } from '../projects/snapshots/snapshot-store.js';
import {
  TaskFailed,
  TaskProcessor,
  type TaskContext,
  type TaskOutcome,
} from '../tasks/task-processor.js';
import { TaskRunner } from '../tasks/task-runner.js';
import { BuildGraph } from './agent/build-graph.js';
import { BUILD, type Build } from './build.entity.js';
import { ToolchainUnavailable } from '../toolchains/prepared-toolchain.js';

/** Runs one build: the agent's graph, and what its end means for the project. */
@Injectable()
export class BuildProcessor extends TaskProcessor<Build> implements OnModuleInit {
  readonly kind = BUILD;
  readonly timeLimitMs: number;

  constructor(
    config: AppConfig,
    private readonly runner: TaskRunner,
    private readonly graph: BuildGraph,
    private readonly snapshots: SnapshotStore,
  ) {
    super();
    this.timeLimitMs = config.work.buildTimeoutMs;
  }

  onModuleInit(): void {
    this.runner.register(this);
  }

  override async process(build: Build, context: TaskContext): Promise<TaskOutcome> {
    const state = await this.graph.run(build, context).catch((error: unknown) => {
      if (error instanceof ToolchainUnavailable || error instanceof SandboxRefused) {
        throw new TaskFailed(error.message, null, { cause: error });
      }
      throw error;
    });
    const results = state.results ?? null;
    const { snapshotId } = state;
    if (state.problem || results === null || snapshotId === undefined) {
      throw new TaskFailed(state.problem ?? 'The build gave no results', results);
    }
    if (build.input.verifyOf !== undefined) {
      return { results };
    }
    return {
      results,
      // Only what passed its checks becomes the project's newest source.
      onCompletion: async (tx) => {
        const project = await this.snapshots.ensureProject(tx, build.owner, build.projectName);
        if (project.headSnapshotId !== state.baseSnapshotId) {
          throw new TaskFailed(
            "The project's source was changed while the build ran: start the build again",
            results,
          );
        }
        await this.snapshots.moveHead(tx, project.id, snapshotId);
      },
    };
  }
}

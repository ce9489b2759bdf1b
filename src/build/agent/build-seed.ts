import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Queryable } from '../../infra/database/database.js';
import { SnapshotStore } from '../../projects/snapshots/snapshot-store.js';
import type { Snapshot } from '../../projects/snapshots/snapshot.entity.js';
import { TaskFailed, type TaskContext } from '../../tasks/task-processor.js';
import { projectSpecSchema } from '../blueprints/project-spec.js';
import { Build } from '../build.entity.js';
import type { BuildStateValue } from './build-state.js';
import { Checkpoints } from './checkpoints.js';
import type { Plan } from './code-model.js';

type Seed = Partial<BuildStateValue>;

/** What a build begins with: nothing, or what another one got to. */
@Injectable()
export class BuildSeed {
  constructor(
    @InjectRepository(Build) private readonly builds: Repository<Build>,
    private readonly checkpoints: Checkpoints,
    private readonly snapshots: SnapshotStore,
  ) {}

  /** @throws TaskFailed where the other build's work can't be gone on with */
  async of(build: Build, context: TaskContext): Promise<Seed> {
    const { retryOf, verifyOf, snapshotId } = build.input;
    if (verifyOf !== undefined) {
      return this.verification(build, await this.load(verifyOf), snapshotId, context);
    }
    return retryOf === undefined ? {} : this.retry(build, await this.load(retryOf), context);
  }

  private async verification(
    build: Build,
    earlier: Build,
    snapshotId: string | undefined,
    context: TaskContext,
  ): Promise<Seed> {
    const plan = (await this.stateOf(earlier)).plan;
    const snapshot = await this.find(snapshotId);
    if (!plan || !snapshot) {
      throw new TaskFailed('Nothing is known any more of what that build was to make');
    }
    const { baseSnapshotId } = earlier;
    await context.underLease((tx) => writeBase(tx, build.id, baseSnapshotId));
    return { plan, baseSnapshotId, snapshotId: snapshot.id, ...(await this.originOf(snapshot)) };
  }

  private async retry(build: Build, earlier: Build, context: TaskContext): Promise<Seed> {
    const { plan, isEdited, failures, conflicts, scaffoldId, ...state } =
      await this.stateOf(earlier);
    if (!plan) {
      return {};
    }
    const snapshot = await this.find(state.snapshotId);
    const { baseSnapshotId } = earlier;
    const snapshotId = await context.underLease(async (tx) => {
      const head = await this.snapshots.ensureProject(tx, build.owner, build.projectName);
      if (head.headSnapshotId !== baseSnapshotId) {
        throw new TaskFailed("The project's source has changed since that build: submit a new one");
      }
      await writeBase(tx, build.id, baseSnapshotId);
      // Of its own: what a build made is found by its id, whatever becomes of the other one's.
      return snapshot
        ? this.snapshots.copy(tx, snapshot, {
            parentId: baseSnapshotId,
            taskId: build.id,
            author: build.owner,
            isRestored: false,
          })
        : undefined;
    });
    const begun = { plan, baseSnapshotId };
    return snapshot && snapshotId !== undefined
      ? {
          ...begun,
          snapshotId,
          isEdited,
          failures,
          conflicts,
          scaffoldId,
          ...(await this.originOf(snapshot)),
        }
      : begun;
  }

  /** As its last step left it; once that is forgotten, as its results tell. */
  private async stateOf({ id, results }: Build): Promise<Seed> {
    const saved = await this.checkpoints.saver.getTuple({ configurable: { thread_id: id } });
    if (saved) {
      return saved.checkpoint.channel_values as Seed;
    }
    const spec = projectSpecSchema.safeParse(results?.specification);
    if (!results || !spec.success) {
      return {};
    }
    const plan: Plan = { spec: spec.data, tasks: results.tasks };
    return {
      plan,
      snapshotId: results.snapshot ?? undefined,
      isEdited: results.checks.length > 0,
      conflicts: results.conflicts,
    };
  }

  private async originOf(snapshot: Snapshot): Promise<Pick<Seed, 'generatedId' | 'trust'>> {
    const isUnedited = await this.snapshots.isUnedited(snapshot.id);
    return {
      generatedId: snapshot.generatedId,
      trust: isUnedited ? 'blueprint' : 'untrusted',
    };
  }

  private async find(snapshotId: string | undefined): Promise<Snapshot | null> {
    return snapshotId === undefined ? null : this.snapshots.find(snapshotId);
  }

  private async load(id: string): Promise<Build> {
    const build = await this.builds.findOneBy({ id });
    if (!build) {
      throw new TaskFailed('That build was deleted meanwhile');
    }
    return build;
  }
}

/** What the build's diff is compared with. */
export async function writeBase(
  tx: Queryable,
  buildId: string,
  snapshotId: string | null,
): Promise<void> {
  await tx.query({ text: 'UPDATE tasks SET base_snapshot_id = $2 WHERE id = $1' }, [
    buildId,
    snapshotId,
  ]);
}

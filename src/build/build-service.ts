import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiError } from '../common/api-error.js';
import { Database } from '../infra/database/database.js';
import { SnapshotStore } from '../projects/snapshots/snapshot-store.js';
import { TaskService, type Accepted } from '../tasks/task-service.js';
import { isTerminal } from '../tasks/task-status.js';
import { filterOf, type TaskListQuery } from '../tasks/task-list-query.dto.js';
import { Build, BUILD } from './build.entity.js';
import { readLogs, type BuildLog } from './build-logs.js';
import type { CreateBuildDto } from './dto/build.dto.js';

/** What callers do with builds. */
@Injectable()
export class BuildService {
  constructor(
    private readonly tasks: TaskService,
    private readonly snapshots: SnapshotStore,
    private readonly db: Database,
  ) {}

  submit(user: Principal, dto: CreateBuildDto, idempotencyKey?: string): Promise<Accepted> {
    return this.tasks.submit(user, {
      kind: BUILD,
      projectName: dto.project_name,
      input: { goal: dto.goal, parameters: dto.parameters ?? {} },
      // Two builds of one project would start from the same source and lose one's change.
      lane: laneOf(user, dto.project_name),
      idempotencyKey,
      onAcceptance: async (tx) => {
        await this.snapshots.ensureProject(tx, user.username, dto.project_name);
      },
    });
  }

  /**
   * Goes on with a build that ended before its work was done, as a new build.
   * @throws ApiError `not_found`, `forbidden`, `conflict`
   */
  async retry(
    user: Principal,
    id: string,
    parameters: Record<string, unknown>,
    idempotencyKey?: string,
  ): Promise<Accepted> {
    const build = await this.ended(user, id, 'retried');
    const { goal, verifyOf } = build.input;
    if (verifyOf !== undefined) {
      return this.verify(user, id, idempotencyKey);
    }
    if (build.status === 'completed') {
      throw new ApiError('conflict', 'Build cannot be retried: it is already completed');
    }
    // A model goes on with settling them.
    if (build.results?.conflicts?.length && build.results.engine === 'blueprints') {
      throw new ApiError(
        'conflict',
        'Build cannot be retried: its conflicts would be the same. Settle them as its error says',
      );
    }
    const hasBegun = (await this.snapshots.latestOfTask(id)) !== null;
    return this.tasks.submit(user, {
      kind: BUILD,
      projectName: build.projectName,
      input: { goal, parameters: { ...build.input.parameters, ...parameters }, retryOf: id },
      lane: laneOf(user, build.projectName),
      idempotencyKey,
      onAcceptance: async (tx) => {
        const head = await this.snapshots.ensureProject(tx, user.username, build.projectName);
        if (hasBegun && head.headSnapshotId !== build.baseSnapshotId) {
          throw new ApiError(
            'conflict',
            "Build cannot be retried: the project's source has changed since. Submit a new one",
          );
        }
      },
    });
  }

  /**
   * Runs the checks again on what a build made, as a new build that changes nothing.
   * @throws ApiError `not_found`, `forbidden`, `conflict`
   */
  async verify(user: Principal, id: string, idempotencyKey?: string): Promise<Accepted> {
    const build = await this.ended(user, id, 'verified');
    const { goal, parameters } = build.input;
    const verifyOf = build.input.verifyOf ?? id;
    const { snapshotId } = await this.sourceOf(user, id);
    return this.tasks.submit(user, {
      kind: BUILD,
      projectName: build.projectName,
      input: { goal, parameters, verifyOf, snapshotId },
      lane: null,
      idempotencyKey,
      onAcceptance: async (tx) => {
        await this.snapshots.ensureProject(tx, user.username, build.projectName);
      },
    });
  }

  get(user: Principal, id: string): Promise<Build> {
    return this.tasks.get(user, Build, id);
  }

  list(user: Principal, query: TaskListQuery): Promise<[Build[], number]> {
    return this.tasks.list(Build, filterOf(user, query));
  }

  cancel(user: Principal, id: string): Promise<void> {
    return this.tasks.cancel(user, Build, id);
  }

  /**
   * The snapshot that holds what a build made, whatever its end.
   * @throws ApiError `not_found` while it has made nothing
   */
  async sourceOf(user: Principal, id: string): Promise<{ build: Build; snapshotId: string }> {
    const build = await this.get(user, id);
    const snapshotId = build.input.snapshotId ?? (await this.snapshots.latestOfTask(id))?.id;
    if (snapshotId === undefined) {
      throw new ApiError('not_found', 'This build has made no files');
    }
    return { build, snapshotId };
  }

  async logs(user: Principal, id: string): Promise<BuildLog[]> {
    await this.get(user, id);
    return readLogs(this.db, id);
  }

  /** A build of the user's own: what comes of it is the project's owner's, whose quota and project it uses. */
  private async ended(user: Principal, id: string, whatFor: string): Promise<Build> {
    const build = await this.get(user, id);
    if (build.owner !== user.username) {
      throw new ApiError('forbidden', `A build can only be ${whatFor} by whom it belongs to`);
    }
    if (!isTerminal(build.status)) {
      throw new ApiError('conflict', `Build cannot be ${whatFor}: it is still ${build.status}`);
    }
    return build;
  }
}

function laneOf(user: Principal, projectName: string): string {
  return `${BUILD}:${user.username}/${projectName}`;
}

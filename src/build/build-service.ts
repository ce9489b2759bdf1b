import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiError } from '../common/api-error.js';
import { Database } from '../infra/database/database.js';
import { SnapshotStore } from '../projects/snapshot-store.js';
import { TaskService, type Accepted } from '../tasks/task-service.js';
import { filterOf, type TaskListQuery } from '../tasks/task-list-query.dto.js';
import { Build, BUILD } from './build.entity.js';
import { readLogs, type BuildLog } from './build-logs.js';
import type { CreateBuildDto } from './build.dto.js';

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
      lane: `${BUILD}:${user.username}/${dto.project_name}`,
      idempotencyKey,
      onAcceptance: async (tx) => {
        await this.snapshots.ensureProject(tx, user.username, dto.project_name);
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
    const snapshot = await this.snapshots.latestOfTask(id);
    if (!snapshot) {
      throw new ApiError('not_found', 'This build has made no files');
    }
    return { build, snapshotId: snapshot.id };
  }

  async logs(user: Principal, id: string): Promise<BuildLog[]> {
    await this.get(user, id);
    return readLogs(this.db, id);
  }
}

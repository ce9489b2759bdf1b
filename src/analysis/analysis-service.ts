import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { TaskFollower } from '../tasks/task-follower.js';
import { filterOf, type TaskListQuery } from '../tasks/task-list-query.dto.js';
import { TaskService } from '../tasks/task-service.js';
import type { CreateAnalysisDto } from './analysis.dto.js';
import { Analysis, ANALYSIS, type AnalysisInput } from './analysis.entity.js';
import { AnalysisSource } from './analysis-source.js';
import { CATEGORIES } from './finding.js';

/** What callers do with analyses. */
@Injectable()
export class AnalysisService implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly tasks: TaskService,
    private readonly follower: TaskFollower,
    private readonly source: AnalysisSource,
  ) {}

  /** Answers that are held must not hold up the end of the process. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** @throws ApiError as `AnalysisSource` and `TaskService.submit` do. */
  async submit(
    user: Principal,
    dto: CreateAnalysisDto,
    idempotencyKey?: string,
  ): Promise<Analysis> {
    const asked = dto.analysis_types ?? [];
    const input: AnalysisInput = {
      analysis_types: CATEGORIES.filter((name) => asked.length === 0 || asked.includes(name)),
      files: dto.files === undefined ? null : this.source.checked(dto.files),
      build_id: dto.build_id ?? null,
      snapshot_id: null,
    };
    const build =
      input.files === null && input.build_id !== null
        ? await this.source.build(user, input.build_id, dto.project_name)
        : null;
    const snapshotId = build && (await this.source.snapshotOf(build));
    const { id } = await this.tasks.submit(user, {
      kind: ANALYSIS,
      projectName: dto.project_name,
      input,
      // Analyses change nothing: as many side by side as there are workers.
      lane: null,
      idempotencyKey,
      onAcceptance: async (tx) => {
        if (input.files === null) {
          const project = { owner: build?.owner ?? user.username, name: dto.project_name };
          // The key was compared before this: it is about what was asked, not about what was found.
          input.snapshot_id = await this.source.choose(tx, project, snapshotId);
        }
      },
    });
    return this.get(user, id);
  }

  get(user: Principal, id: string): Promise<Analysis> {
    return this.tasks.get(user, Analysis, id);
  }

  list(user: Principal, query: TaskListQuery): Promise<[Analysis[], number]> {
    return this.tasks.list(Analysis, filterOf(user, query));
  }

  cancel(user: Principal, id: string): Promise<void> {
    return this.tasks.cancel(user, Analysis, id);
  }

  /** Resolves when the analysis has ended, the seconds have passed, or nobody waits any more. */
  async untilEnded(id: string, seconds: number, gone: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([
      gone,
      this.stopping.signal,
      AbortSignal.timeout(seconds * 1000),
    ]);
    for await (const _ of this.follower.follow(id, 0, signal)) {
      // Only the end counts, and with it the events stop.
    }
  }
}

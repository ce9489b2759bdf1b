import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { TaskFollower } from '../tasks/task-follower.js';
import { filterOf, type TaskListQuery } from '../tasks/task-list-query.dto.js';
import { TaskService } from '../tasks/task-service.js';
import { ApiError } from '../common/api-error.js';
import type { AnalysisResults } from './analysis-results.js';
import type { AnalysisFindings, CreateAnalysisDto } from './analysis.dto.js';
import { Analysis, ANALYSIS, type AnalysisInput } from './analysis.entity.js';
import { AnalysisSource } from './analysis-source.js';
import type { FindingFilter } from './findings/finding-filter.js';
import { CATEGORIES } from './findings/finding.js';
import { FindingsStore, type FindingPage } from './findings/findings-store.js';

/** Inline, with the analysis itself: `issues` has pages. */
const MAX_LISTED = 100;
/** These are what most clients come for. */
const MAX_SECURITY_ISSUES = 5_000;

export type CompletedAnalysis = Analysis & { results: AnalysisResults };

/** What callers do with analyses. */
@Injectable()
export class AnalysisService implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly tasks: TaskService,
    private readonly follower: TaskFollower,
    private readonly source: AnalysisSource,
    private readonly findings: FindingsStore,
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

  /** The analysis with the lists of its findings. @throws ApiError as `get` does */
  async details(user: Principal, id: string): Promise<[Analysis, AnalysisFindings]> {
    const analysis = await this.get(user, id);
    if (analysis.status !== 'completed') {
      return [analysis, { security_issues: [], issues: [], suppressed: [] }];
    }
    const [security_issues, issues, suppressed] = await Promise.all([
      this.findings.shown(analysis, 'security', MAX_SECURITY_ISSUES),
      this.findings.shown(analysis, null, MAX_LISTED),
      this.findings.suppressed(analysis, MAX_LISTED),
    ]);
    return [analysis, { security_issues, issues, suppressed }];
  }

  /** @throws ApiError as `get` does, and `conflict` where it has not completed */
  async completed(user: Principal, id: string): Promise<CompletedAnalysis> {
    const analysis = await this.get(user, id);
    if (analysis.status !== 'completed' || analysis.results === null) {
      throw new ApiError('conflict', `The analysis has no findings: it is ${analysis.status}`);
    }
    return Object.assign(analysis, { results: analysis.results });
  }

  async issues(user: Principal, id: string, filter: FindingFilter): Promise<FindingPage> {
    return this.findings.page(await this.completed(user, id), filter);
  }

  list(user: Principal, query: TaskListQuery): Promise<[Analysis[], number]> {
    return this.tasks.list(Analysis, filterOf(user, query));
  }

  cancel(user: Principal, id: string): Promise<void> {
    return this.tasks.cancel(user, Analysis, id);
  }

  /** Resolves when the analysis has ended, the seconds have passed, or nobody waits any more. */
  async untilEnded(id: string, seconds: number, gone: AbortSignal): Promise<void> {
    // Not AbortSignal.timeout: nothing would hold it inside `any`, and one that is collected never fires.
    const timeUp = new AbortController();
    const timer = setTimeout(() => timeUp.abort(), seconds * 1000);
    const signal = AbortSignal.any([gone, this.stopping.signal, timeUp.signal]);
    try {
      for await (const _ of this.follower.follow(id, 0, signal)) {
        // Only the end counts, and with it the events stop.
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

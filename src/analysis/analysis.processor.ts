import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import {
  TaskFailed,
  TaskProcessor,
  type TaskContext,
  type TaskOutcome,
} from '../tasks/task-processor.js';
import { TaskRunner } from '../tasks/task-runner.js';
import { AnalysisCoverage, type KnownCoverage } from './coverage/analysis-coverage.js';
import { AnalysisProgress } from './analysis-progress.js';
import { concludeFrom, type AnalysisResults } from './analysis-results.js';
import { AnalysisSource } from './analysis-source.js';
import { ANALYSIS, type Analysis } from './analysis.entity.js';
import { ANALYZERS, type Analyzer } from './analyzers/analyzer.js';
import { compareWith, type FixedFinding } from './verdict/baseline.js';
import { isOpenSecurityIssue } from './findings/default-view.js';
import { EngineRuns, NO_FILES, type EngineRun, type EngineSummary } from './engines/engine-runs.js';
import type { Category } from './findings/finding.js';
import { FindingsStore, MAX_FINDINGS } from './findings/findings-store.js';
import { measure } from './verdict/metrics.js';
import { ProjectPolicies } from './project/project-policies.js';
import { judge } from './verdict/quality-gate.js';
import { toReported, type Reported } from './findings/reported-findings.js';
import { counted, notesOn, takeInventory, type Inventory } from './engines/source-files.js';

/** How many security issues the completion event tells of; the analysis itself has all. */
const MAX_ANNOUNCED = 100;

/** Runs one analysis. It writes nothing but its results, so that a resumed one simply begins again. */
@Injectable()
export class AnalysisProcessor extends TaskProcessor<Analysis> implements OnModuleInit {
  readonly kind = ANALYSIS;
  readonly timeLimitMs: number;

  constructor(
    config: AppConfig,
    private readonly runner: TaskRunner,
    private readonly source: AnalysisSource,
    private readonly coverage: AnalysisCoverage,
    private readonly engines: EngineRuns,
    private readonly findings: FindingsStore,
    private readonly policies: ProjectPolicies,
    @Inject(ANALYZERS) private readonly analyzers: readonly Analyzer[],
  ) {
    super();
    this.timeLimitMs = config.work.analysisTimeoutMs;
  }

  onModuleInit(): void {
    this.runner.register(this);
  }

  override async process(analysis: Analysis, context: TaskContext): Promise<TaskOutcome> {
    const { input } = analysis;
    await context.progress(2, 'Reading the source');
    const files = await this.source.read(input);
    if (files.size === 0) {
      throw new TaskFailed('The source is gone: its project was deleted meanwhile');
    }
    const inventory = takeInventory(files);
    const analyzers = this.analyzers.filter((analyzer) =>
      analyzer.covers.some((category) => input.analysis_types.includes(category)),
    );
    const progress = new AnalysisProgress(context, analyzers.length);
    const runs = await this.engines
      .run(analyzers, inventory, { signal: context.signal, say: progress.say }, progress)
      .finally(() => progress.stop());
    await context.progress(95, 'Drawing conclusions');
    const known = await this.coverage.of(input.snapshot_id, files, inventory.code, context.signal);
    const isThere = (file: string) => input.snapshot_id === null || files.has(file);
    const { results, findings, moved } = await this.conclude(
      analysis,
      known,
      inventory,
      runs,
      isThere,
    );
    refuseIfNothingRan(runs, results);
    return {
      results,
      announced: {
        ...results,
        security_issues: findings.filter(isOpenSecurityIssue).slice(0, MAX_ANNOUNCED),
      },
      onCompletion: async (tx) => {
        await this.findings.write(tx, analysis.id, findings);
        await this.policies.carry(tx, analysis, moved);
      },
    };
  }

  private async conclude(
    analysis: Analysis,
    { coverage, notes }: KnownCoverage,
    inventory: Inventory,
    runs: readonly EngineRun[],
    isThere: (file: string) => boolean,
  ): Promise<{ results: AnalysisResults } & Reported> {
    const { input } = analysis;
    const asked = new Set(input.analysis_types);
    const answered = answeredBy(runs, asked);
    const [earlier, policy] = await Promise.all([
      this.findings.earlierThan(analysis, answered),
      this.policies.of(analysis),
    ]);
    const { findings, moved } = toReported(
      runs.flatMap((run) => run.findings).filter(({ category }) => asked.has(category)),
      { code: inventory.code, decisions: policy.decisions, earlier, isThere },
    );
    const conclusions = concludeFrom({
      asked: input.analysis_types,
      answered,
      incomplete: incompleteOf(runs, inventory, asked),
      findings,
      engines: runs.map((run) => run.summary),
      notes: [
        ...notesOn(inventory),
        ...runs.flatMap(noteOnUnseen),
        ...notes,
        ...noteOnMany(findings.length),
      ],
      metrics: measure(
        inventory.code,
        runs.find((run) => run.duplicatedLines)?.duplicatedLines ?? null,
      ),
      coverage,
      baseline: compareWith(earlier, findings, answered, excusedBy(runs, inventory, moved)),
      snapshotId: input.snapshot_id,
    });
    const results = { ...conclusions, ...judge(policy.gate, conclusions, findings) };
    return { results, findings, moved };
  }
}

/** The categories that engines looked for, where none that had files for it broke or was missing: else counts would lie. */
function answeredBy(runs: readonly EngineRun[], asked: ReadonlySet<Category>): Set<Category> {
  const coveredBy = (some: readonly EngineRun[]) =>
    new Set(some.flatMap(({ analyzer }) => analyzer.covers));
  const broken = coveredBy(
    runs.filter(({ summary, unseen }) => summary.status !== 'completed' && unseen.size > 0),
  );
  const completed = coveredBy(runs.filter(({ summary }) => summary.status === 'completed'));
  return new Set([...asked].filter((category) => completed.has(category) && !broken.has(category)));
}

/** Those of which code that is there could not be looked at. */
function incompleteOf(
  runs: readonly EngineRun[],
  inventory: Inventory,
  asked: ReadonlySet<Category>,
): Set<Category> {
  return inventory.unread.size > 0
    ? new Set(asked)
    : new Set(
        runs
          .filter(({ unseen, summary }) => unseen.size > 0 || isPartial(summary))
          .flatMap(({ analyzer }) => analyzer.covers),
      );
}

function isPartial({ status, reason }: EngineSummary): boolean {
  return status === 'completed' && reason !== null;
}

function excusedBy(
  runs: readonly EngineRun[],
  { unread }: Inventory,
  moved: ReadonlyMap<string, string>,
) {
  const byEngine = new Map(runs.map(({ analyzer, unseen }) => [analyzer.name, unseen]));
  const elsewhere = new Set(moved.values());
  return ({ engine, file, fingerprint }: FixedFinding) =>
    elsewhere.has(fingerprint) || unread.has(file) || (byEngine.get(engine)?.has(file) ?? false);
}

function noteOnUnseen({ summary, unseen }: EngineRun): string[] {
  const [first] = unseen;
  return first === undefined || summary.status !== 'completed'
    ? []
    : [`${counted(unseen.size)} not, or not wholly, analysed by ${summary.name}, such as ${first}`];
}

/** Where there was code and every engine for it broke, there is no result to be proud of. */
function refuseIfNothingRan(runs: readonly EngineRun[], results: AnalysisResults): void {
  const broken = runs.find(({ summary }) => summary.reason !== NO_FILES);
  if (broken && runs.every(({ summary }) => summary.status !== 'completed')) {
    throw new TaskFailed(`No engine could run: ${broken.summary.reason ?? ''}`, results);
  }
}

function noteOnMany(findings: number): string[] {
  return findings > MAX_FINDINGS
    ? [`Only the worst ${MAX_FINDINGS} of ${findings} findings are kept`]
    : [];
}

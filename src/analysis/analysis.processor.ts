import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import {
  TaskFailed,
  TaskProcessor,
  type TaskContext,
  type TaskOutcome,
} from '../tasks/task-processor.js';
import { TaskRunner } from '../tasks/task-runner.js';
import { concludeFrom } from './analysis-results.js';
import { AnalysisSource } from './analysis-source.js';
import { ANALYSIS, type Analysis } from './analysis.entity.js';
import { ANALYZERS, type Analyzer } from './analyzers/analyzer.js';
import { runEngines, type EngineRun } from './engine-runs.js';
import type { Category } from './finding.js';
import { countLines, notesOnUntaken, takeInventory } from './source-files.js';

/** Progress of the whole analysis while its engines run. */
const FROM = 10;
const TO = 95;

/** Runs one analysis. It writes nothing but its results, so that a resumed one simply begins again. */
@Injectable()
export class AnalysisProcessor extends TaskProcessor<Analysis> implements OnModuleInit {
  readonly kind = ANALYSIS;
  readonly timeLimitMs: number;

  constructor(
    config: AppConfig,
    private readonly runner: TaskRunner,
    private readonly source: AnalysisSource,
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
    const { code, notes } = takeInventory(files);
    const asked = input.analysis_types;
    const engines = this.analyzers.filter((analyzer) =>
      analyzer.covers.some((category) => asked.includes(category)),
    );
    const runs = await this.run(engines, code, asked, context);
    await context.progress(TO, 'Drawing conclusions');

    const completed = runs.filter(({ summary }) => summary.status === 'completed');
    const results = concludeFrom({
      asked,
      answered: new Set(
        completed.flatMap(({ analyzer }) =>
          analyzer.covers.filter((category) => asked.includes(category)),
        ),
      ),
      findings: runs.flatMap((run) => run.findings),
      engines: runs.map((run) => run.summary),
      notes: [
        ...notes,
        ...notesOnUntaken(
          [...code.keys()].filter((path) => !engines.some((engine) => engine.accepts(path))),
        ),
      ],
      lines: linesFor('quality', completed, code),
      coveragePercent: await this.source.coverageOf(input.snapshot_id),
      snapshotId: input.snapshot_id,
    });
    const [broken] = runs.filter(({ analyzer }) =>
      [...code.keys()].some((p) => analyzer.accepts(p)),
    );
    if (completed.length === 0 && broken) {
      throw new TaskFailed(
        `No engine could run: ${broken.summary.reason ?? broken.summary.status}`,
        results,
      );
    }
    return { results };
  }

  private run(
    engines: readonly Analyzer[],
    code: ReadonlyMap<string, Buffer>,
    asked: readonly Category[],
    { signal, progress }: TaskContext,
  ): Promise<EngineRun[]> {
    const said = new Set<string>();
    let ended = 0;
    const percent = () => FROM + ((TO - FROM) * ended) / Math.max(1, engines.length);
    return runEngines(
      engines,
      code,
      {
        signal,
        categories: asked,
        // Engines of one toolchain wait for the same thing: said once.
        say: async (step) => {
          if (!said.has(step)) {
            said.add(step);
            await progress(percent(), step);
          }
        },
      },
      {
        started: ({ name }, files) =>
          progress(percent(), `Running ${name}`, { engine: name, files }),
        ended: async ({ summary, findings }) => {
          ended += 1;
          await progress(percent(), `${summary.name}: ${summary.status}`, {
            engine: summary.name,
            status: summary.status,
            files: summary.files,
            findings: findings.length,
            duration_ms: summary.duration_ms,
          });
        },
      },
    );
  }
}

/** Of the files that completed engines looked at for that category. */
function linesFor(
  category: Category,
  completed: readonly EngineRun[],
  code: ReadonlyMap<string, Buffer>,
): number {
  const engines = completed.filter(({ analyzer }) => analyzer.covers.includes(category));
  const contents = [...code]
    .filter(([path]) => engines.some(({ analyzer }) => analyzer.accepts(path)))
    .map(([, content]) => content);
  return countLines(contents);
}

import type { TaskContext } from '../tasks/task-processor.js';
import type { Analyzer } from './analyzers/analyzer.js';
import type { EngineRun, Watcher } from './engines/engine-runs.js';

/** Progress of the whole analysis while its engines run. */
const FROM = 10;
const TO = 95;
/** Between two messages on how many files are done. */
const EVERY_MS = 500;

interface State {
  files: number;
  done: number;
}

/** Tells whoever watches an analysis what its engines do; counts of files at most twice a second. */
export class AnalysisProgress implements Watcher {
  private readonly engines = new Map<string, State>();
  private readonly said = new Set<string>();
  private endedEngines = 0;
  private timer: NodeJS.Timeout | null = null;

  /** @param total How many engines there are. */
  constructor(
    private readonly context: TaskContext,
    private readonly total: number,
  ) {}

  /** Engines of one toolchain wait for the same thing: said once. */
  readonly say = async (step: string): Promise<void> => {
    if (!this.said.has(step)) {
      this.said.add(step);
      await this.context.progress(this.percent(), step);
    }
  };

  async started({ name }: Analyzer, files: number): Promise<void> {
    this.engines.set(name, { files, done: 0 });
    await this.context.progress(this.percent(), `Running ${name}`, { engine: name, files });
  }

  done({ name }: Analyzer, done: number): void {
    const state = this.engines.get(name);
    if (state && done > state.done) {
      state.done = Math.min(done, state.files);
      this.timer ??= setTimeout(() => this.tell(), EVERY_MS).unref();
    }
  }

  async ended({ summary, findings, isNeeded }: EngineRun): Promise<void> {
    this.engines.delete(summary.name);
    this.endedEngines += 1;
    if (!isNeeded) {
      return;
    }
    await this.context.progress(this.percent(), `${summary.name}: ${summary.status}`, {
      engine: summary.name,
      status: summary.status,
      files: summary.files,
      findings: findings.length,
      duration_ms: summary.duration_ms,
    });
  }

  stop(): void {
    clearTimeout(this.timer ?? undefined);
  }

  private tell(): void {
    this.timer = null;
    const engines = [...this.engines].map(([engine, { files, done }]) => ({ engine, files, done }));
    const text = engines.map(({ engine, files, done }) => `${engine} ${done} of ${files}`);
    this.context
      .progress(this.percent(), `Files: ${text.join(', ')}`, { engines })
      // A lost lease shows in the next awaited step as well.
      .catch(() => undefined);
  }

  private percent(): number {
    const running = [...this.engines.values()].reduce(
      (sum, { files, done }) => sum + done / Math.max(1, files),
      0,
    );
    return FROM + ((TO - FROM) * (this.endedEngines + running)) / Math.max(1, this.total);
  }
}

import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import {
  ANALYZERS,
  AnalyzerNotNeeded,
  AnalyzerUnavailable,
  type Analyzer,
} from '../analyzers/analyzer.js';

/** An engine that failed its canary gets another chance after this. */
const RETRY_AFTER_MS = 60_000;

interface Verdict {
  /** `null`: the engine finds what it must find. */
  problem: string | null;
  at: number;
}

/**
 * Shows each engine of this worker a flaw that it must find. One that doesn't is not believed when it finds nothing in
 * somebody's code: a missing platform package or a broken installation would else look like clean code.
 */
@Injectable()
export class EngineCanaries implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(EngineCanaries.name);
  private readonly stopping = new AbortController();
  private readonly verdicts = new Map<string, Promise<Verdict>>();

  constructor(@Inject(ANALYZERS) private readonly analyzers: readonly Analyzer[]) {}

  /** One after the other, behind the start: whoever needs a verdict sooner asks for it. */
  onApplicationBootstrap(): void {
    void this.checkAll().catch((error: Error) => {
      if (!this.stopping.signal.aborted) {
        this.log.error('The check of the engines broke off', error.stack);
      }
    });
  }

  /** Not before the worker has let go of its tasks: those that wait for a verdict would take the engine for broken. */
  beforeApplicationShutdown(): void {
    this.stopping.abort(new Error('the process ends'));
  }

  /**
   * Why an engine is not to be believed; `null`: it is.
   *
   * @param signal Of whoever waits: the check itself goes on, for the next who asks.
   * @throws AnalyzerUnavailable; the signal's reason; and when the process ends
   */
  async problemOf(analyzer: Analyzer, signal: AbortSignal): Promise<string | null> {
    const known = await unlessAborted(
      this.verdicts.get(analyzer.name)?.catch(() => undefined),
      signal,
    );
    if (known && (known.problem === null || Date.now() - known.at < RETRY_AFTER_MS)) {
      return known.problem;
    }
    const verdict = this.check(analyzer);
    this.verdicts.set(analyzer.name, verdict);
    return (await unlessAborted(verdict, signal)).problem;
  }

  private async checkAll(): Promise<void> {
    for (const analyzer of this.analyzers) {
      await this.problemOf(analyzer, this.stopping.signal)
        .catch((error: unknown) => {
          if (!(error instanceof AnalyzerUnavailable)) {
            throw error;
          }
          return error instanceof AnalyzerNotNeeded ? null : error.message;
        })
        .then((problem) => problem !== null && this.log.warn(`${analyzer.name}: ${problem}`));
    }
  }

  private async check(analyzer: Analyzer): Promise<Verdict> {
    const { path, text, ruleId } = analyzer.canary;
    const { signal } = this.stopping;
    const context = {
      signal,
      categories: analyzer.covers,
      say: () => Promise.resolve(),
      done: () => undefined,
    };
    const at = Date.now();
    try {
      const { findings } = await analyzer.analyze(new Map([[path, Buffer.from(text)]]), context);
      const isFound = findings.some((finding) => finding.rule_id === ruleId);
      return { problem: isFound ? null : `It misses a flaw that it must find (${ruleId})`, at };
    } catch (error) {
      if (signal.aborted || error instanceof AnalyzerUnavailable) {
        throw error;
      }
      this.log.error(
        `${analyzer.name} broke on its canary`,
        error instanceof Error ? error.stack : error,
      );
      return { problem: 'It breaks on a sample that it must be able to read', at };
    }
  }
}

/** @throws the signal's reason as soon as it is aborted */
async function unlessAborted<T>(promise: Promise<T> | T, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => undefined as void;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

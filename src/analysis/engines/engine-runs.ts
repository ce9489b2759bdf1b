import { Injectable, Logger } from '@nestjs/common';
import {
  AnalyzerFailed,
  AnalyzerNotNeeded,
  AnalyzerUnavailable,
  type Analyzer,
  type AnalyzerContext,
  type EngineReport,
  NOTHING_TO_FIND,
  type SkippedFile,
} from '../analyzers/analyzer.js';
import { answersIn, merged, partsOf, type Part } from './answer-parts.js';
import { EngineAnswers } from './engine-answers.js';
import { EngineCanaries } from './engine-canaries.js';
import type { Finding } from '../findings/finding.js';
import type { Inventory } from './source-files.js';

/** Of one engine: more than anybody reads, and few enough to be worked on at once. */
const MAX_FINDINGS = 20_000;

/** How many skipped files are named. */
const MAX_NAMED = 20;

/** Why an engine had nothing to do. */
export const NO_FILES = 'There are no files for it';

/** How one engine fared. */
export interface EngineSummary {
  name: string;
  /** `null`: it never started. */
  version: string | null;
  status: 'completed' | 'failed' | 'skipped';
  duration_ms: number;
  /** How many it answered for. */
  files: number;
  /** How many of these it had answered for before, with the same content. */
  files_unchanged: number;
  skipped: SkippedFile[];
  skipped_total: number;
  /** Why it gave nothing, or not everything; `null`: all is well. */
  reason: string | null;
}

export interface EngineRun {
  analyzer: Analyzer;
  summary: EngineSummary;
  findings: Finding[];
  /** Not where another engine does the same. */
  isNeeded: boolean;
  /** Files that it should have looked at and did not, or not wholly. */
  unseen: ReadonlySet<string>;
  /** By file; of the engine that looks for duplicates. */
  duplicatedLines: Readonly<Record<string, number>> | null;
}

export interface Watcher {
  started: (analyzer: Analyzer, files: number) => Promise<void>;
  /** May be called very often. */
  done: (analyzer: Analyzer, files: number) => void;
  ended: (run: EngineRun) => Promise<void>;
}

type RunContext = Pick<AnalyzerContext, 'signal' | 'say'>;

/** Runs engines on source, and only on what they haven't answered for. */
@Injectable()
export class EngineRuns {
  private readonly log = new Logger('Analyzers');

  constructor(
    private readonly answers: EngineAnswers,
    private readonly canaries: EngineCanaries,
  ) {}

  /**
   * Runs the engines side by side. One that breaks is marked and harms nobody else.
   *
   * @returns one run an engine that is needed here, in their order
   * @throws the signal's reason when aborted; by then everything that ran is dead.
   */
  async run(
    analyzers: readonly Analyzer[],
    inventory: Inventory,
    context: RunContext,
    watcher: Watcher,
  ): Promise<EngineRun[]> {
    // A lost lease shows in one engine's progress: the others must not run on behind our back.
    const abort = new AbortController();
    const signal = AbortSignal.any([context.signal, abort.signal]);
    const runs = analyzers.map(async (analyzer) => {
      try {
        const run = await this.runOne(analyzer, inventory, { ...context, signal }, watcher);
        await watcher.ended(run);
        return run.isNeeded ? [run] : [];
      } catch (error) {
        abort.abort(error);
        throw error;
      }
    });
    await Promise.allSettled(runs);
    return (await Promise.all(runs)).flat();
  }

  private async runOne(
    analyzer: Analyzer,
    inventory: Inventory,
    context: RunContext,
    watcher: Watcher,
  ): Promise<EngineRun> {
    const files = filesFor(analyzer, inventory);
    const startedAt = performance.now();
    const summary = emptySummary(analyzer.name);
    const nothing = {
      analyzer,
      findings: [],
      isNeeded: true,
      unseen: new Set<string>(),
      duplicatedLines: null,
    };
    if (files.code === 0) {
      return { ...nothing, summary: { ...summary, reason: NO_FILES } };
    }
    await watcher.started(analyzer, files.code);
    const analyzerContext = {
      ...context,
      // Whatever was asked for: what it answers is kept for those who ask for more.
      categories: analyzer.covers,
      done: (done: number) => watcher.done(analyzer, done),
    };
    try {
      summary.version = await analyzer.version(analyzerContext);
      const problem = await this.canaries.problemOf(analyzer, context.signal);
      if (problem !== null) {
        throw new AnalyzerFailed(problem);
      }
      const report = await this.answer(analyzer, summary.version, files.all, analyzerContext);
      return {
        analyzer,
        // What names no file of the project can't be acted on.
        findings: analyzer
          .combined(report.findings)
          .filter(({ file }) => inventory.code.has(file))
          .slice(0, MAX_FINDINGS),
        isNeeded: true,
        unseen: new Set(report.skipped.flatMap(unseenOf)),
        duplicatedLines: report.duplicatedLines ?? null,
        summary: { ...summary, ...outcomeOf(report, files.code), duration_ms: since(startedAt) },
      };
    } catch (error) {
      context.signal.throwIfAborted();
      const isNeeded = !(error instanceof AnalyzerNotNeeded);
      return {
        ...nothing,
        // Whyever it gave nothing: unless another engine looks at them, nobody did.
        unseen: isNeeded ? new Set(files.all.keys()) : nothing.unseen,
        isNeeded,
        summary: { ...summary, ...this.failureOf(analyzer, error), duration_ms: since(startedAt) },
      };
    }
  }

  private async answer(
    analyzer: Analyzer,
    version: string,
    files: ReadonlyMap<string, Buffer>,
    context: AnalyzerContext,
  ): Promise<EngineReport & { unchanged: number }> {
    const parts = partsOf(analyzer, version, files);
    const known = await this.answers.read(parts.map(({ key }) => key));
    const fresh = parts.filter(({ key }) => !known.has(key.toString('hex')));
    const reports = [...known.values()];
    const skippedBefore = reports.flatMap((answer) => answer.skipped ?? []);
    const unchanged = parts
      .filter(({ key }) => known.has(key.toString('hex')))
      .reduce((sum, part) => sum + part.files.length, 0);
    context.done(unchanged);
    if (fresh.length === 0) {
      return { ...merged(reports), skipped: skippedBefore, reason: null, unchanged };
    }
    const report = await analyzer.analyze(new Map(fresh.flatMap((part) => part.files)), {
      ...context,
      tree: files,
      done: (done) => context.done(unchanged + done),
    });
    if (report.reason === null) {
      const skipped = new Set(report.skipped.map(({ file }) => file));
      // A file that was skipped alone gets another chance: it may have been for want of time.
      const isKept = ({ files: of }: Part) => of.length > 1 || !skipped.has(of[0]?.[0] ?? '');
      const answerOn = answersIn(report);
      await this.answers.write(
        fresh.filter(isKept).map((part) => [part.key, answerOn(part.files)]),
      );
    }
    const skipped = [...skippedBefore, ...report.skipped];
    return { ...merged([...reports, report]), skipped, reason: report.reason, unchanged };
  }

  private failureOf(analyzer: Analyzer, error: unknown): Pick<EngineSummary, 'status' | 'reason'> {
    if (error instanceof AnalyzerUnavailable) {
      return { status: 'skipped', reason: error.message };
    }
    if (error instanceof AnalyzerFailed) {
      return { status: 'failed', reason: error.message };
    }
    this.log.error(`${analyzer.name} broke`, error instanceof Error ? error.stack : error);
    return { status: 'failed', reason: 'Internal error' };
  }
}

function filesFor(analyzer: Analyzer, { code, configuration }: Inventory) {
  const accepted = [...code].filter(([path]) => analyzer.accepts(path));
  const data = [...configuration].filter(([path]) => analyzer.reads(path));
  return {
    code: accepted.length,
    all: new Map([
      ...accepted.map(([path, { content }]): [string, Buffer] => [path, content]),
      ...(accepted.length > 0 ? data : []),
    ]),
  };
}

function outcomeOf(
  { skipped, findings, reason, remark, unchanged }: EngineReport & { unchanged: number },
  files: number,
): Partial<EngineSummary> {
  const seen = files - skipped.length;
  return {
    status: seen > 0 ? 'completed' : 'skipped',
    files: seen,
    files_unchanged: unchanged,
    skipped: skipped.slice(0, MAX_NAMED),
    skipped_total: skipped.length,
    reason:
      seen > 0
        ? (reason ?? reasonForMany(findings.length) ?? remark ?? null)
        : `Nothing to check: ${skipped[0]?.reason ?? ''}`,
  };
}

/** What there is nothing to find in was seen. */
function unseenOf({ file, reason }: SkippedFile): string[] {
  return reason === NOTHING_TO_FIND ? [] : [file];
}

function reasonForMany(findings: number): string | null {
  return findings > MAX_FINDINGS ? `Only ${MAX_FINDINGS} of ${findings} findings` : null;
}

function emptySummary(name: string): EngineSummary {
  return {
    name,
    version: null,
    status: 'skipped',
    duration_ms: 0,
    files: 0,
    files_unchanged: 0,
    skipped: [],
    skipped_total: 0,
    reason: null,
  };
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}

import { Logger } from '@nestjs/common';
import type { EngineSummary } from './analysis-results.js';
import {
  AnalyzerFailed,
  AnalyzerUnavailable,
  type Analyzer,
  type AnalyzerContext,
} from './analyzers/analyzer.js';
import type { Finding } from './finding.js';

export interface EngineRun {
  analyzer: Analyzer;
  summary: EngineSummary;
  findings: Finding[];
}

export interface Watcher {
  started: (analyzer: Analyzer, files: number) => Promise<void>;
  ended: (run: EngineRun) => Promise<void>;
}

const log = new Logger('Analyzers');

/**
 * Runs the engines side by side. One that breaks is marked and harms nobody else.
 *
 * @returns one run an engine, in their order
 * @throws the signal's reason when aborted; by then everything that ran is dead.
 */
export async function runEngines(
  analyzers: readonly Analyzer[],
  code: ReadonlyMap<string, Buffer>,
  context: AnalyzerContext,
  watcher: Watcher,
): Promise<EngineRun[]> {
  // A lost lease shows in one engine's progress: the others must not run on behind our back.
  const abort = new AbortController();
  const signal = AbortSignal.any([context.signal, abort.signal]);
  const runs = analyzers.map(async (analyzer) => {
    try {
      const run = await runEngine(analyzer, code, { ...context, signal }, watcher);
      await watcher.ended(run);
      return run;
    } catch (error) {
      abort.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(runs);
  return Promise.all(runs);
}

async function runEngine(
  analyzer: Analyzer,
  code: ReadonlyMap<string, Buffer>,
  context: AnalyzerContext,
  watcher: Watcher,
): Promise<EngineRun> {
  const files = new Map([...code].filter(([path]) => analyzer.accepts(path)));
  const startedAt = performance.now();
  const summary = { name: analyzer.name, version: null, duration_ms: 0, files: 0 };
  if (files.size === 0) {
    const reason = 'There are no files for it';
    return { analyzer, findings: [], summary: { ...summary, status: 'skipped', reason } };
  }
  await watcher.started(analyzer, files.size);
  const asked = context.categories.filter((category) => analyzer.covers.includes(category));
  try {
    const { findings, ...report } = await analyzer.analyze(files, {
      ...context,
      categories: asked,
    });
    return {
      analyzer,
      // What names no file of the project can't be acted on.
      findings: findings.filter((finding) => files.has(finding.file)),
      summary: {
        name: analyzer.name,
        status: 'completed',
        duration_ms: since(startedAt),
        ...report,
      },
    };
  } catch (error) {
    context.signal.throwIfAborted();
    const failure = failureOf(analyzer, error);
    return {
      analyzer,
      findings: [],
      summary: { ...summary, ...failure, duration_ms: since(startedAt) },
    };
  }
}

function failureOf(
  analyzer: Analyzer,
  error: unknown,
): Pick<EngineSummary, 'status' | 'reason' | 'version'> {
  if (error instanceof AnalyzerUnavailable) {
    return { status: 'skipped', reason: error.message, version: null };
  }
  if (error instanceof AnalyzerFailed) {
    return { status: 'failed', reason: error.message, version: error.version };
  }
  log.error(`${analyzer.name} broke`, error instanceof Error ? error.stack : error);
  return { status: 'failed', reason: 'Internal error', version: null };
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}

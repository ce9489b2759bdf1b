import type { Category, Finding } from '../finding.js';

export interface AnalyzerContext {
  /** Aborted by a cancel: whatever runs must be dead within 2 seconds. */
  signal: AbortSignal;
  /** What is asked for; of these, the ones that the engine covers. */
  categories: readonly Category[];
  /** Tells whoever watches about an unusual step. */
  say: (step: string) => Promise<void>;
}

export interface EngineReport {
  findings: Finding[];
  /** Of the engine itself. */
  version: string;
  /** How many it looked at. */
  files: number;
  /** What it could not look at, and why; `null`: it saw everything. */
  reason: string | null;
}

/**
 * One engine.
 *
 * The code under analysis is hostile: nothing of it may run, and no configuration, plugin or link in it may count.
 */
export abstract class Analyzer {
  abstract readonly name: string;
  abstract readonly covers: readonly Category[];

  /** Whether it analyses files of that name. */
  abstract accepts(path: string): boolean;

  /**
   * @param files Those it accepts; at least one.
   * @throws AnalyzerUnavailable, AnalyzerFailed; the signal's reason when aborted.
   */
  abstract analyze(
    files: ReadonlyMap<string, Buffer>,
    context: AnalyzerContext,
  ): Promise<EngineReport>;
}

/** Injection token of the list of all engines. */
export const ANALYZERS = Symbol('ANALYZERS');

/** The engine can't run on this machine; the message says why and what to do. */
export class AnalyzerUnavailable extends Error {
  override name = 'AnalyzerUnavailable';
}

/** The engine ran and gave no usable report. */
export class AnalyzerFailed extends Error {
  override name = 'AnalyzerFailed';

  constructor(
    message: string,
    readonly version: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

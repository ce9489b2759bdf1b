import type { Category, Finding } from '../findings/finding.js';

export interface AnalyzerContext {
  /** Aborted by a cancel: whatever runs must be dead within 2 seconds. */
  signal: AbortSignal;
  /** What is asked for; of these, the ones that the engine covers. */
  categories: readonly Category[];
  /** Tells whoever watches about an unusual step. */
  say: (step: string) => Promise<void>;
  /** Tells how many of its files are done; as often as it likes. */
  done: (files: number) => void;
  /** All files that the engine takes, where it is asked about some of them; absent: it is asked about all. */
  tree?: ReadonlyMap<string, Buffer>;
}

/** Why a file was skipped that nobody wants to be looked at. */
export const NOTHING_TO_FIND = 'JavaScript that asks for no type checks';

/** A file that an engine did not look at, or not wholly. */
export interface SkippedFile {
  file: string;
  /** In a few words, the same for all files of one reason. */
  reason: string;
}

export interface EngineReport {
  findings: Finding[];
  skipped: SkippedFile[];
  /** Why it gave not everything, beyond single files; `null`: it did. */
  reason: string | null;
  /** What to know of how it looked at this source: true of every run on it. */
  remark?: string | null;
  /** Of the engine that looks for duplicates: lines that stand elsewhere as well, by file. */
  duplicatedLines?: Readonly<Record<string, number>>;
  /** Where a finding lies in another file than the one whose analysis gave it: that one. */
  foundFrom?: ReadonlyMap<Finding, string>;
}

/**
 * One engine.
 *
 * The code under analysis is hostile: nothing of it may run, and no configuration, plugin or link in it may count. It
 * runs in a process or thread of its own, with limits on time and memory.
 */
export abstract class Analyzer {
  abstract readonly name: string;
  abstract readonly covers: readonly Category[];

  /**
   * `file`: what it finds from a file depends on path and content of that file and its `dependencies` alone, so that
   * answers are kept by file.
   * `tree`: they depend on all files together.
   */
  abstract readonly scope: 'file' | 'tree';

  /** Code with a flaw that it must find: an engine that misses it on this machine is not believed. */
  abstract readonly canary: { path: string; text: string; ruleId: string };

  /** Whether it analyses files of that name. */
  abstract accepts(path: string): boolean;

  /** Whether it wants a file of configuration beside those that it analyses, as data. */
  reads(_path: string): boolean {
    return false;
  }

  /** Of an engine that answers by file: other files that its answer on one depends on. */
  dependencies(_files: ReadonlyMap<string, Buffer>): (path: string) => readonly string[] {
    return () => [];
  }

  /** Findings of all its answers together: one flaw may be found from several files. */
  combined(findings: readonly Finding[]): readonly Finding[] {
    return findings;
  }

  /**
   * Of the engine; changes whenever findings may change for the same source, our own rule tables included, as kept
   * answers are good for one version only.
   * @throws AnalyzerUnavailable; the signal's reason when aborted.
   */
  abstract version(context: AnalyzerContext): Promise<string>;

  /**
   * @param files Those it accepts, at least one, and those it reads. UTF-8 text of ordinary line lengths and nesting.
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

/** Another engine does the same here: there is nothing to tell. */
export class AnalyzerNotNeeded extends AnalyzerUnavailable {
  override name = 'AnalyzerNotNeeded';
}

/** The engine ran and gave no usable report. */
export class AnalyzerFailed extends Error {
  override name = 'AnalyzerFailed';
}

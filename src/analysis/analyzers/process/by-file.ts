import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { Finding } from '../../findings/finding.js';
import {
  AnalyzerFailed,
  type AnalyzerContext,
  type EngineReport,
  type SkippedFile,
} from '../analyzer.js';
import { nodeProgram, type EngineProcess } from './engine-process.js';
import {
  AROUND_FILE,
  READY,
  SOURCES_FILE,
  type Around,
  type FileAnswer,
  type Named,
} from './program-channel.js';

export interface ByFileOptions {
  /** Of the compiled program, see `nodeProgram`. */
  program: string;
  /** Node's own. */
  nodeOptions: readonly string[];
  /** For all files together. */
  timeLimitMs: number;
  memoryBytes: number;
  /** What one process is worth starting for. */
  bytesPerProcess: number;
  /** Without an answer for that long, it hangs on the file at hand. */
  stalledAfterMs?: number;
  /** Other files of the tree that the answer on one depends on. */
  dependencies?: (path: string) => readonly string[];
}

/** No file takes that long, by far, where the machine is not wholly overloaded. */
const STALLED_AFTER_MS = 45_000;
/** A tree that breaks the engine more often is made to do so. */
const MAX_BROKEN = 20;
const MAX_PROCESSES = 2;

/** Runs one process: that of `EngineProcess`, or a test's. */
export type RunProcess = EngineProcess['run'];

interface Run {
  /** Of the first files, in order. */
  answers: FileAnswer[];
  isReady: boolean;
  /** What ended it early; `null`: nothing did. */
  failure: string | null;
}

/**
 * Runs a program that answers file by file, in as many processes as are worth it. A file that breaks or stalls it is
 * left out, and the rest is answered by a new process.
 *
 * @throws AnalyzerUnavailable; AnalyzerFailed where the program doesn't even start; the signal's reason when aborted.
 */
export async function runByFile(
  start: RunProcess,
  files: ReadonlyMap<string, Buffer>,
  context: AnalyzerContext,
  options: ByFileOptions,
): Promise<EngineReport> {
  const findings: Finding[] = [];
  const skipped: SkippedFile[] = [];
  const foundFrom = new Map<Finding, string>();
  const tree = context.tree ?? files;
  const deadline = performance.now() + options.timeLimitMs;
  let done = 0;
  let reason: string | null = null;
  const skip = (file: string, why: string) => skipped.push({ file, reason: why });
  const advance = (count: number) => {
    done += count;
    context.done(done);
  };

  const answer = async (share: readonly Named[], signal: AbortSignal): Promise<void> => {
    let waiting = share;
    for (let broken = 0; waiting.length > 0;) {
      const run = await runOnce(start, waiting, tree, signal, advance, {
        ...options,
        timeLimitMs: Math.max(1, deadline - performance.now()),
      });
      if (!run.isReady) {
        throw new AnalyzerFailed(run.failure ?? 'ended before it began');
      }
      run.answers.forEach((given, index) => {
        findings.push(...given.findings);
        const path = waiting[index]?.[0] ?? '';
        given.findings
          .filter(({ file }) => file !== path)
          .forEach((finding) => foundFrom.set(finding, path));
        if (given.skipped !== null) {
          skip(waiting[index]?.[0] ?? '', given.skipped);
        }
      });
      const [culprit, ...rest] = waiting.slice(run.answers.length);
      if (!culprit) {
        return;
      }
      // Ended well and still short: its last lines were lost on the way, and nobody is to blame.
      const isFault = run.failure !== null || run.answers.length === 0;
      waiting = isFault ? rest : [culprit, ...rest];
      if (isFault) {
        broken += 1;
        skip(culprit[0], run.failure ?? 'The engine broke on it');
        advance(1);
      }
      if (broken >= MAX_BROKEN || performance.now() > deadline) {
        reason = broken >= MAX_BROKEN ? 'It broke on too many files' : 'Ended at its time limit';
        waiting.forEach(([path]) => skip(path, 'Not reached'));
        return;
      }
    }
  };

  const abort = new AbortController();
  const signal = AbortSignal.any([context.signal, abort.signal]);
  const runs = sharesOf(files, options.bytesPerProcess).map(async (share) => {
    try {
      await answer(share, signal);
    } catch (error) {
      abort.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(runs);
  await Promise.all(runs);
  return { findings, skipped, reason, ...(foundFrom.size > 0 && { foundFrom }) };
}

async function runOnce(
  start: RunProcess,
  files: readonly Named[],
  tree: ReadonlyMap<string, Buffer>,
  signal: AbortSignal,
  advance: (files: number) => void,
  options: ByFileOptions,
): Promise<Run> {
  const run: Run = { answers: [], isReady: false, failure: null };
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), options.stalledAfterMs ?? STALLED_AFTER_MS);
  const lines = new LineReader((line) => {
    timer.refresh();
    const answer = readLine(line);
    if (answer === READY) {
      run.isReady = true;
    } else if (answer === null) {
      stalled.abort();
    } else if (!stalled.signal.aborted) {
      run.answers.push(answer);
      advance(1);
    }
  });
  try {
    const { exitCode, stderr } = await start(
      {
        ...nodeProgram(options.program, options.nodeOptions),
        files: new Map([
          [SOURCES_FILE, Buffer.from(JSON.stringify(files))],
          ...aroundOf(files, tree, options),
        ]),
        onReport: (piece) => lines.take(piece),
        limits: {
          timeoutMs: options.timeLimitMs,
          memoryBytes: options.memoryBytes,
          // Read as it comes; nobody needs the whole.
          reportBytes: 1,
        },
      },
      AbortSignal.any([signal, stalled.signal]),
    );
    if (exitCode !== 0) {
      run.failure = run.isReady
        ? 'The engine broke on it'
        : `ended with ${exitCode}: ${stderr.toString('utf8').trim().slice(-300)}`;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!stalled.signal.aborted && !(error instanceof AnalyzerFailed)) {
      throw error;
    }
    run.failure = error instanceof AnalyzerFailed ? error.message : 'The engine hung on it';
  } finally {
    clearTimeout(timer);
  }
  return run;
}

function aroundOf(
  files: readonly Named[],
  tree: ReadonlyMap<string, Buffer>,
  { dependencies }: ByFileOptions,
): [string, Buffer][] {
  if (!dependencies) {
    return [];
  }
  const asked = new Set(files.map(([path]) => path));
  const others = files
    .map(([path]): Around['dependencies'][number] => [path, [...dependencies(path)]])
    .filter(([, paths]) => paths.length > 0);
  const needed = new Set(others.flatMap(([, paths]) => paths).filter((path) => !asked.has(path)));
  const texts = [...needed].map((path): Named => [path, textOf(tree.get(path) ?? Buffer.of())]);
  return [[AROUND_FILE, Buffer.from(JSON.stringify({ texts, dependencies: others }))]];
}

/** A byte order mark is no part of the text. */
const textOf = (content: Buffer): string => content.toString('utf8').replace(/^\uFEFF/, '');

/** @returns `null`: not readable, and nothing after it can be believed. */
function readLine(line: string): FileAnswer | typeof READY | null {
  try {
    return JSON.parse(line) as FileAnswer | typeof READY;
  } catch {
    return null;
  }
}

/**
 * About as many bytes of each kind to each, as kinds cost differently. Neighbours stay together: they import each other,
 * and what several processes look into is parsed by each of them.
 */
function sharesOf(files: ReadonlyMap<string, Buffer>, bytesPerProcess: number): Named[][] {
  const totals = new Map<string, number>();
  let total = 0;
  for (const [path, { length }] of files) {
    totals.set(extname(path), (totals.get(extname(path)) ?? 0) + length);
    total += length;
  }
  const count = Math.max(
    1,
    Math.min(MAX_PROCESSES, availableParallelism(), Math.ceil(total / bytesPerProcess)),
  );
  const shares = Array.from({ length: count }, (): Named[] => []);
  const taken = new Map<string, number>();
  for (const [path, content] of files) {
    const kind = extname(path);
    const before = taken.get(kind) ?? 0;
    taken.set(kind, before + content.length);
    const middle = (before + content.length / 2) / Math.max(1, totals.get(kind) ?? 1);
    shares[Math.min(count - 1, Math.floor(middle * count))]?.push([path, textOf(content)]);
  }
  return shares;
}

/** Puts pieces together again that end in the middle of a line, or of a character. */
class LineReader {
  private rest: Buffer[] = [];

  constructor(private readonly onLine: (line: string) => void) {}

  take(piece: Buffer): void {
    let from = 0;
    for (let end = piece.indexOf(0x0a); end !== -1; end = piece.indexOf(0x0a, from)) {
      const line = Buffer.concat([...this.rest, piece.subarray(from, end)]);
      this.rest = [];
      from = end + 1;
      this.onLine(line.toString('utf8'));
    }
    if (from < piece.length) {
      this.rest.push(piece.subarray(from));
    }
  }
}

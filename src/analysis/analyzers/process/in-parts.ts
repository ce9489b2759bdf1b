import type { Finding } from '../../findings/finding.js';
import type { AnalyzerContext, EngineReport, SkippedFile } from '../analyzer.js';
import { cappedByFile } from './capped.js';

export interface SourceFile {
  path: string;
  content: Buffer;
}

/** Of one run: what is written to the workspace and read from the output stays small. */
const MAX_PART_FILES = 2_000;
const MAX_PART_BYTES = 24 * 1024 * 1024;
/** Enough to find some ten files that break the engine among ten thousand. */
const MAX_BROKEN_RUNS = 150;

/**
 * Runs an engine that takes many files and answers once. Where it breaks, the halves are tried by themselves, so that
 * only the file that breaks it goes without an answer.
 *
 * @param lint `null`: it broke.
 */
export async function inParts(
  files: ReadonlyMap<string, Buffer>,
  context: AnalyzerContext,
  lint: (files: readonly SourceFile[]) => Promise<Finding[] | null>,
  { timeLimitMs }: { timeLimitMs: number },
): Promise<EngineReport> {
  const deadline = performance.now() + timeLimitMs;
  const findings: Finding[] = [];
  const skipped: SkippedFile[] = [];
  const waiting = partsOf(files);
  let done = 0;
  let broken = 0;
  let reason: string | null = null;
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const found = reason === null ? await lint(part) : null;
    if (found !== null) {
      findings.push(...found);
    } else if (part.length > 1 && reason === null) {
      const middle = Math.ceil(part.length / 2);
      waiting.unshift(part.slice(0, middle), part.slice(middle));
      broken += 1;
      if (performance.now() > deadline) {
        reason = 'Ended at its time limit';
      } else if (broken > MAX_BROKEN_RUNS) {
        reason = 'It broke on too many files';
      }
      continue;
    } else {
      const why = reason === null ? 'The engine broke on it' : 'Not reached';
      skipped.push(...part.map(({ path }) => ({ file: path, reason: why })));
    }
    done += part.length;
    context.done(done);
  }
  const capped = cappedByFile(findings);
  return { findings: capped.findings, skipped: [...skipped, ...capped.skipped], reason };
}

function partsOf(files: ReadonlyMap<string, Buffer>): SourceFile[][] {
  const parts: SourceFile[][] = [];
  let bytes = 0;
  for (const [path, content] of files) {
    const current = parts.at(-1);
    bytes += content.length;
    if (!current || current.length >= MAX_PART_FILES || bytes > MAX_PART_BYTES) {
      parts.push([{ path, content }]);
      bytes = content.length;
    } else {
      current.push({ path, content });
    }
  }
  return parts;
}

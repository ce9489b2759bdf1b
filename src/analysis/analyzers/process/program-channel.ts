import { existsSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { REPORT_FD } from '../../../infra/sandbox/sandbox.js';
import type { Finding } from '../../findings/finding.js';
import { CAPPED, MAX_FINDINGS_A_FILE } from './capped.js';

/** In the workspace of a program: its files as [path, text], in the order in which it answers for them. */
export const SOURCES_FILE = 'sources.json';

export type Named = readonly [path: string, text: string];

/** Beside it, where answers depend on other files as well: an `Around`. */
export const AROUND_FILE = 'around.json';

/** What stands around the files that are asked about. */
export interface Around {
  /** Of files that are not asked about. */
  texts: Named[];
  /** By a file that is asked about: the others that its answer may depend on. */
  dependencies: [path: string, others: string[]][];
}

/** The first line of a program's report: it has loaded, and what goes wrong from here on is a file's fault. */
export const READY = 'ready';

/** What a program says of one file, on one line. */
export interface FileAnswer {
  findings: Finding[];
  /** Why it was not, or not wholly, looked at; `null`: it was. */
  skipped: string | null;
}

/** What stands around the files that a program is asked about. */
export interface Surroundings {
  /** Of any file that has a part in the answers. */
  textOf: (path: string) => string | undefined;
  dependenciesOf: (path: string) => readonly string[];
}

/**
 * The main loop of an engine's program: answers for each file, in order, as soon as it is done. Runs in the sandbox.
 *
 * @param begin Gives what analyses a file; that may throw: the file is skipped then.
 */
export function answerForSources(
  begin: (surroundings: Surroundings) => (path: string, text: string) => FileAnswer,
): void {
  // Written by the product itself a moment ago: a library that checks them would take longer to load than all else here.
  const files = JSON.parse(readFileSync(SOURCES_FILE, 'utf8')) as Named[];
  const { texts, dependencies } = existsSync(AROUND_FILE)
    ? (JSON.parse(readFileSync(AROUND_FILE, 'utf8')) as Around)
    : { texts: [], dependencies: [] };
  const all = new Map([...texts, ...files]);
  const others = new Map(dependencies);
  const analyze = begin({
    textOf: (path) => all.get(path),
    dependenciesOf: (path) => others.get(path) ?? [],
  });
  reportLine(READY);
  for (const [path, text] of files) {
    reportLine(capped(analyze(path, text)));
  }
}

/** For programs that look at all files together: those of the working folder, path -> text, by path. */
export function readTree(): Map<string, string> {
  const paths = readdirSync('.', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

/** Adds one line of JSON to the program's report. */
export function reportLine(value: unknown): void {
  let rest = Buffer.from(`${JSON.stringify(value)}\n`);
  while (rest.length > 0) {
    rest = rest.subarray(writeSome(rest));
  }
}

function capped(answer: FileAnswer): FileAnswer {
  return answer.findings.length <= MAX_FINDINGS_A_FILE
    ? answer
    : { findings: answer.findings.slice(0, MAX_FINDINGS_A_FILE), skipped: CAPPED };
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** The pipe may be full: then whoever reads it needs a moment. */
function writeSome(bytes: Buffer): number {
  try {
    return writeSync(REPORT_FD, bytes);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') {
      Atomics.wait(pause, 0, 0, 2);
      return 0;
    }
    throw error;
  }
}

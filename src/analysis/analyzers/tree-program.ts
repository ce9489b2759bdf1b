import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { REPORT_FD } from '../../infra/sandbox/sandbox.js';

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

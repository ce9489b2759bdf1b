import { compareText } from '../findings/finding.js';
import { readCobertura } from './formats/read-cobertura.js';
import { readCoveragePy } from './formats/read-coverage-py.js';
import { readIstanbul } from './formats/read-istanbul.js';
import { readLcov } from './formats/read-lcov.js';
import type { ReportedCoverage } from './reported-coverage.js';

type Reader = (text: string) => ReportedCoverage | null;

/** By name, the readers whose format the content may have, and what reading a byte costs, in bytes of lcov. */
const NAMES: readonly (readonly [name: RegExp, readers: readonly Reader[], cost: number])[] = [
  [/^(lcov.*\.info|coverage\.info|.*\.lcov)$/i, [readLcov], 1],
  [/^(coverage|coverage-final|.*\.coverage)\.json$/i, [readCoveragePy, readIstanbul], 2],
  [/^(coverage|.*cobertura.*)\.xml$/i, [readCobertura], 4],
];

/** Of all reports of a tree: what goes beyond it is not read. Some seconds at worst, whatever they hold. */
const MAX_COST = 64 * 1024 * 1024;

/** Reports that a project's tests are about, or that came with the code of others. */
const NOT_ITS_OWN =
  /(^|\/)(node_modules|site-packages|\.?venv|vendor|tests?|__tests__|fixtures?|__fixtures__|testdata|spec)\//i;

/** Of one format for each package of a large repository. */
const MAX_REPORTS = 50;

/** In the workspace of the program that reads them: what its numbered files are. */
export const INDEX_FILE = 'index.json';

/** A report in the tree that could be read. */
export interface FoundReport {
  path: string;
  report: ReportedCoverage;
}

/**
 * Reads the coverage reports of a tree, those nearest to its root first.
 *
 * @returns also what looks like a report by its name and isn't one that can be read
 */
export function readReports(files: ReadonlyMap<string, Buffer>): {
  found: FoundReport[];
  unreadable: string[];
} {
  const found: FoundReport[] = [];
  const unreadable: string[] = [];
  let budget = MAX_COST;
  for (const path of candidatesOf(files.keys())) {
    const [, readers = [], cost = 1] = entryOf(path) ?? [];
    const content = files.get(path);
    if (!content || content.length * cost > budget) {
      unreadable.push(path);
      continue;
    }
    budget -= content.length * cost;
    const report = read(content, readers);
    if (report) {
      found.push({ path, report });
    } else {
      unreadable.push(path);
    }
  }
  return { found, unreadable };
}

/** What looks like a report by its name, those nearest to the root first. */
export function candidatesOf(paths: Iterable<string>): string[] {
  const depthOf = (path: string) => path.split('/').length;
  return [...paths]
    .filter((path) => entryOf(path) !== undefined && !NOT_ITS_OWN.test(path))
    .sort((a, b) => depthOf(a) - depthOf(b) || compareText(a, b))
    .slice(0, MAX_REPORTS);
}

function entryOf(path: string) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return NAMES.find(([pattern]) => pattern.test(name));
}

function read(content: Buffer, readers: readonly Reader[]): ReportedCoverage | null {
  const text = content.toString('utf8');
  for (const reader of readers) {
    const report = reader(text);
    if (report) {
      return report;
    }
  }
  return null;
}

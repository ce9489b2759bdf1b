import { LineCounts, matchReport, type MatchedReport } from './matched-report.js';
import { PathMatcher } from './path-matcher.js';
import { readReports } from './report-files.js';
import type { CoverageFormat, LineHits } from './reported-coverage.js';

const UNREADABLE = 'no coverage report that can be read';

/** Line coverage as reports in the analysed tree state it. */
export interface ImportedCoverage {
  /** Of the report that gave most. */
  format: CoverageFormat;
  /** Its path in the tree. */
  source: string;
  /** Of all reports that count, `source` first. */
  sources: string[];
  /** That can run, as the reports say. */
  lines: number;
  covered: number;
  /** 0 to 100, two digits; 100 only when no line is missing. */
  percent: number;
  /** How many files the reports speak of that are none of the given sources. */
  unmatched: number;
}

/** What was looked for and what came of it. */
export interface CoverageSearch {
  /** `null`: unknown, as there is no report, or none that says anything about the sources. */
  coverage: ImportedCoverage | null;
  /** What was chosen, left out or couldn't be read, in sentences. */
  notes: string[];
}

/**
 * Finds and reads the coverage reports that lie in a tree: lcov, Cobertura XML, coverage.py's and Istanbul's JSON.
 *
 * Reports of one format add up (a large repository has one a package). Where formats differ they mostly tell of the same run in
 * other words, so that a file's lines come from the format that knows most and from others only for files it lacks.
 *
 * @param files The tree, with the reports.
 * @param sourcePaths What coverage is asked of: files of the tree, without tests and vendored code.
 */
export function findCoverage(
  files: ReadonlyMap<string, Buffer>,
  sourcePaths: readonly string[],
): CoverageSearch {
  const { found, unreadable } = readReports(files);
  const matcher = new PathMatcher(sourcePaths.filter((path) => files.has(path)));
  const lineCounts = new LineCounts(files);
  const matched = found.map((report) => matchReport(report, matcher, lineCounts));
  const [best, ...others] = matched
    .filter(({ lines }) => lines > 0)
    .sort((a, b) => b.lines - a.lines);
  if (!best) {
    const silent = matched.map(({ path }) => path);
    return {
      coverage: null,
      notes: [
        ...told(silent, 'says nothing about any line of the source'),
        ...told(unreadable, UNREADABLE),
      ],
    };
  }
  const { files: counted, used } = merge([best, ...others], best.report.format);
  const hits = [...counted.values()];
  const lines = sum(hits, ({ size }) => size);
  const covered = sum(hits, coveredOf);
  return {
    coverage: {
      format: best.report.format,
      source: best.path,
      sources: used.map(({ path }) => path),
      lines,
      covered,
      percent: percentOf(covered, lines),
      unmatched: sum(used, (report) => report.unmatched),
    },
    notes: notesOn(used, matched, unreadable),
  };
}

/** Reports of the best format by union; of others the files that are missing, the most complete report first. */
function merge(
  reports: readonly MatchedReport[],
  format: CoverageFormat,
): { files: Map<string, LineHits>; used: MatchedReport[] } {
  const files = new Map<string, LineHits>();
  const used: MatchedReport[] = [];
  const same = reports.filter(({ report }) => report.format === format);
  for (const report of same) {
    for (const [file, hits] of report.files) {
      addAll(files, file, hits);
    }
    used.push(report);
  }
  for (const report of reports.filter((other) => other.report.format !== format)) {
    const missing = [...report.files].filter(
      ([file, hits]) => hits.size > 0 && !files.get(file)?.size,
    );
    if (missing.length > 0) {
      missing.forEach(([file, hits]) => addAll(files, file, hits));
      used.push(report);
    }
  }
  return { files, used };
}

function addAll(files: Map<string, LineHits>, file: string, hits: LineHits): void {
  const target = files.get(file) ?? new Map<number, boolean>();
  hits.forEach((isCovered, line) => target.set(line, isCovered || target.get(line) === true));
  files.set(file, target);
}

function notesOn(
  used: readonly MatchedReport[],
  matched: readonly MatchedReport[],
  unreadable: readonly string[],
): string[] {
  const ignored = matched.filter((report) => !used.includes(report)).map(({ path }) => path);
  const stale = used.filter(({ isStale }) => isStale).map(({ path }) => path);
  return [
    ...told(
      used.slice(1).map(({ path }) => path),
      'added to the coverage',
    ),
    ...told(ignored, 'left out, as other reports tell more, or nothing in the tree fits'),
    ...told(stale, 'older than the source: lines beyond the end of a file were left out'),
    ...told(unreadable, UNREADABLE),
  ];
}

function told(paths: readonly string[], what: string): string[] {
  const [first] = paths;
  if (first === undefined) {
    return [];
  }
  return [`${first}${paths.length > 1 ? ` and ${paths.length - 1} more` : ''}: ${what}`];
}

function coveredOf(hits: LineHits): number {
  let covered = 0;
  hits.forEach((isCovered) => {
    covered += isCovered ? 1 : 0;
  });
  return covered;
}

/** Rounding must not hide that lines are missing, nor that some are covered. */
function percentOf(covered: number, lines: number): number {
  if (covered === lines || covered === 0) {
    return covered === 0 ? 0 : 100;
  }
  return Math.min(99.99, Math.max(0.01, Math.round((covered / lines) * 10_000) / 100));
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}

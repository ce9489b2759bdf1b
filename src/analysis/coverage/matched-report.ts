import type { PathMatcher } from './path-matcher.js';
import type { FoundReport } from './report-files.js';
import type { LineHits } from './reported-coverage.js';

/** A report, told in paths of the tree. */
export interface MatchedReport extends FoundReport {
  /** By path in the tree. */
  files: Map<string, LineHits>;
  /** Lines in all of them. */
  lines: number;
  unmatched: number;
  /** Whether it knows of lines that the files don't have. */
  isStale: boolean;
}

/** Finds the files that the report means; lines that they don't have are left out. */
export function matchReport(
  { path, report }: FoundReport,
  matcher: PathMatcher,
  lineCounts: LineCounts,
): MatchedReport {
  const targets = matcher.match(report.files.keys(), path, report.roots);
  const files = new Map<string, LineHits>();
  let lines = 0;
  let isStale = false;
  for (const [reported, file] of targets) {
    const hits = report.files.get(reported) ?? new Map<number, boolean>();
    const target = files.get(file) ?? new Map<number, boolean>();
    const last = lineCounts.of(file);
    for (const [line, isCovered] of hits) {
      if (line > last) {
        isStale = true;
      } else {
        lines += target.has(line) ? 0 : 1;
        target.set(line, isCovered || target.get(line) === true);
      }
    }
    files.set(file, target);
  }
  return { path, report, files, lines, unmatched: report.files.size - targets.size, isStale };
}

/** How many lines files have, each counted once and only where asked for. */
export class LineCounts {
  private readonly counts = new Map<string, number>();

  constructor(private readonly files: ReadonlyMap<string, Buffer>) {}

  of(file: string): number {
    let lines = this.counts.get(file);
    if (lines === undefined) {
      lines = countLines(this.files.get(file));
      this.counts.set(file, lines);
    }
    return lines;
  }
}

function countLines(content: Buffer | undefined): number {
  if (!content) {
    return 0;
  }
  let lines = 1;
  for (let at = content.indexOf(10); at !== -1; at = content.indexOf(10, at + 1)) {
    lines += 1;
  }
  return lines;
}

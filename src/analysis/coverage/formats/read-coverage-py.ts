import {
  addHit,
  hitsOf,
  isObject,
  parseObject,
  type LineHits,
  type ReportedCoverage,
} from '../reported-coverage.js';

/**
 * `coverage json` of coverage.py: per file the lines that ran and those that didn't.
 *
 * @returns `null`: not that format
 */
export function readCoveragePy(text: string): ReportedCoverage | null {
  const report = parseObject(text);
  if (!report || !isObject(report.meta) || !isObject(report.files)) {
    return null;
  }
  const files = new Map<string, LineHits>();
  for (const [path, file] of Object.entries(report.files)) {
    const hits = isObject(file) ? hitsOf(files, path) : null;
    if (hits && isObject(file)) {
      linesOf(file.missing_lines).forEach((line) => addHit(hits, line, 0));
      linesOf(file.executed_lines).forEach((line) => addHit(hits, line, 1));
    }
  }
  return { format: 'coverage.py', roots: [], files };
}

function linesOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

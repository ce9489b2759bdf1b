export type CoverageFormat = 'lcov' | 'cobertura' | 'coverage.py' | 'istanbul';

/** Lines that can run, and whether each did. */
export type LineHits = Map<number, boolean>;

/** What one report says, under the paths that it uses itself. */
export interface ReportedCoverage {
  format: CoverageFormat;
  /** Folders that the paths may be relative to, as the report names them. */
  roots: string[];
  /** A `Map`, as `__proto__` is a path like any other. */
  files: Map<string, LineHits>;
}

/** More files than any project has; a report that claims more is cut off here. */
const MAX_FILES = 200_000;
/** Of a line in a file that people wrote. */
const MAX_LINE = 5_000_000;
/** Of a path on the systems where reports are made. */
const MAX_PATH_LENGTH = 4_096;

/** Of a file, created at its first mention: records that repeat add up. `null`: no path to be counted. */
export function hitsOf(files: Map<string, LineHits>, path: string): LineHits | null {
  const known = files.get(path);
  if (known) {
    return known;
  }
  if (path === '' || path.length > MAX_PATH_LENGTH || files.size >= MAX_FILES) {
    return null;
  }
  const hits: LineHits = new Map();
  files.set(path, hits);
  return hits;
}

/** Once covered, always covered; what is no line number or no count is left out. */
export function addHit(hits: LineHits, line: unknown, count: unknown): void {
  if (typeof line !== 'number' || typeof count !== 'number' || Number.isNaN(count)) {
    return;
  }
  if (Number.isInteger(line) && line >= 1 && line <= MAX_LINE) {
    hits.set(line, count > 0 || hits.get(line) === true);
  }
}

/** `null` unless the text is the JSON of an object. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null; // Not JSON: the caller looks at the next report.
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

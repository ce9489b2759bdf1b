import {
  addHit,
  hitsOf,
  isObject,
  parseObject,
  type LineHits,
  type ReportedCoverage,
} from '../reported-coverage.js';

/**
 * `coverage-final.json` of Istanbul, also of c8, jest and vitest.
 *
 * A line counts as Istanbul's own reports count it: where a statement begins, with the best of its statements.
 *
 * @returns `null`: not that format
 */
export function readIstanbul(text: string): ReportedCoverage | null {
  const report = parseObject(text);
  if (!report) {
    return null;
  }
  const files = new Map<string, LineHits>();
  for (const [key, value] of Object.entries(report)) {
    // Coverage that went through a merge of old nyc versions is wrapped once more.
    const file = isObject(value) && isObject(value.data) ? value.data : value;
    if (isObject(file) && isObject(file.statementMap) && isObject(file.s)) {
      const hits = hitsOf(files, typeof file.path === 'string' ? file.path : key);
      if (hits) {
        addStatements(hits, file.statementMap, file.s);
      }
    }
  }
  return files.size === 0 ? null : { format: 'istanbul', roots: [], files };
}

function addStatements(
  hits: LineHits,
  places: Record<string, unknown>,
  counts: Record<string, unknown>,
): void {
  for (const [id, place] of Object.entries(places)) {
    if (isObject(place) && isObject(place.start) && Object.hasOwn(counts, id)) {
      addHit(hits, place.start.line, counts[id]);
    }
  }
}

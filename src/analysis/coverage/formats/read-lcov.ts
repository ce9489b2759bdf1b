import { addHit, hitsOf, type LineHits, type ReportedCoverage } from '../reported-coverage.js';

/**
 * The tracefile of lcov, as c8, nyc, jest, vitest and coverage.py write it too (geninfo(1), "FILES").
 *
 * Only `SF` and `DA` count: the totals `LF` and `LH` follow from them, and nobody checks that they do.
 *
 * @returns `null`: not that format
 */
export function readLcov(text: string): ReportedCoverage | null {
  const files = new Map<string, LineHits>();
  let hits: LineHits | null = null;
  for (const line of linesOf(text)) {
    if (line.startsWith('DA:')) {
      if (hits) {
        addRecord(hits, line);
      }
    } else if (line.startsWith('SF:')) {
      hits = hitsOf(files, line.slice(3).trim());
    } else if (line.startsWith('end_of_record')) {
      hits = null;
    }
  }
  return files.size === 0 ? null : { format: 'lcov', roots: [], files };
}

/** `DA:<line>,<count>[,<checksum>]`. Negative counts are bugs of old gcov versions; lcov too takes them for 0. */
function addRecord(hits: LineHits, record: string): void {
  const match = /^DA:(\d{1,9}),(-?\d+)/.exec(record);
  if (match) {
    addHit(hits, Number(match[1]), Number(match[2]));
  }
}

/** One by one: an array of all lines of a big report would take several times its size. */
function* linesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const next = end === -1 ? text.length : end;
    yield text.slice(start, next);
    start = next + 1;
  }
}

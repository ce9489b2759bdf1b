import type { Finding } from '../../findings/finding.js';
import type { SkippedFile } from '../analyzer.js';

/** A thousand findings in one file are enough for anybody; hostile code could have millions. */
export const MAX_FINDINGS_A_FILE = 1_000;

export const CAPPED = `Only its first ${MAX_FINDINGS_A_FILE} findings`;

/** Leaves the first findings of each file, and names the files that have more. */
export function cappedByFile(findings: readonly Finding[]): {
  findings: Finding[];
  skipped: SkippedFile[];
} {
  const counts = new Map<string, number>();
  const kept = findings.filter(({ file }) => {
    const count = (counts.get(file) ?? 0) + 1;
    counts.set(file, count);
    return count <= MAX_FINDINGS_A_FILE;
  });
  const skipped = [...counts]
    .filter(([, count]) => count > MAX_FINDINGS_A_FILE)
    .map(([file]) => ({ file, reason: CAPPED }));
  return { findings: kept, skipped };
}

import { createHash } from 'node:crypto';
import type { Finding } from './finding.js';

/** Hexadecimal digits of a fingerprint. */
const LENGTH = 32;

/**
 * Gives each finding a name that the same flaw keeps from analysis to analysis: of its rule, its file, the text of its
 * line without white space, and its number among those that share all three. So it survives lines that move, code
 * that is indented anew, and everything that happens elsewhere in the file.
 *
 * @param findings In the order of `compareFindings`.
 * @param lineOf The text of a line, counted from 1.
 * @returns one fingerprint a finding, in their order
 */
export function fingerprintsOf(
  findings: readonly Finding[],
  lineOf: (file: string, line: number) => string,
): string[] {
  const counts = new Map<string, number>();
  return findings.map(({ rule_id, file, line }) => {
    const text = lineOf(file, line).replace(/\s+/g, '');
    const flaw = JSON.stringify([rule_id, file, text]);
    const count = counts.get(flaw) ?? 0;
    counts.set(flaw, count + 1);
    return createHash('sha256').update(`${flaw} ${count}`).digest('hex').slice(0, LENGTH);
  });
}

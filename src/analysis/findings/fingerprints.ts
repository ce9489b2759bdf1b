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
  // A line may be long, and have many findings.
  const texts = new Map<string, string>();
  const textOf = (file: string, line: number) => {
    const place = `${line} ${file}`;
    const text = texts.get(place) ?? digestOf(lineOf(file, line).replace(/\s+/g, ''));
    texts.set(place, text);
    return text;
  };
  return findings.map(({ rule_id, file, line }) => {
    const flaw = JSON.stringify([rule_id, file, textOf(file, line)]);
    const count = counts.get(flaw) ?? 0;
    counts.set(flaw, count + 1);
    return digestOf(`${flaw} ${count}`);
  });
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, LENGTH);
}

import { createHash } from 'node:crypto';
import type { Finding } from './finding.js';

/** Hexadecimal digits of a fingerprint. */
const LENGTH = 32;

/** What a finding has in common with the same flaw in another analysis. */
export interface Flaw {
  ruleId: string;
  file: string;
  /** Of its line, without white space, as a digest. */
  text: string;
  /** Its number among those that share the rest. */
  count: number;
}

/**
 * What fingerprints are made of.
 *
 * @param findings In the order of `compareFindings`.
 * @param lineOf The text of a line, counted from 1.
 * @returns one flaw a finding, in their order
 */
export function flawsOf(
  findings: readonly Finding[],
  lineOf: (file: string, line: number) => string,
): Flaw[] {
  const counts = new Map<string, number>();
  // A line may be long, and have many findings.
  const texts = new Map<string, string>();
  const textOf = (file: string, line: number) => {
    const place = `${line} ${file}`;
    const text = texts.get(place) ?? digestOf(lineOf(file, line).replace(/\s+/g, ''));
    texts.set(place, text);
    return text;
  };
  return findings.map(({ rule_id: ruleId, file, line }) => {
    const text = textOf(file, line);
    const flaw = JSON.stringify([ruleId, file, text]);
    const count = counts.get(flaw) ?? 0;
    counts.set(flaw, count + 1);
    return { ruleId, file, text, count };
  });
}

/**
 * The name that a flaw keeps from analysis to analysis: it survives lines that move, code that is indented anew, and
 * everything that happens elsewhere in the file.
 *
 * @param file Where it is not its own: the name that the file had before.
 */
export function fingerprintOf(flaw: Flaw, file = flaw.file): string {
  return digestOf(`${JSON.stringify([flaw.ruleId, file, flaw.text])} ${flaw.count}`);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, LENGTH);
}

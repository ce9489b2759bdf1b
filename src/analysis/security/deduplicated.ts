import type { Confidence } from './rule.js';

/** What tells one finding from another. */
interface Placed {
  readonly ruleId: string;
  readonly confidence: Confidence;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly trace: readonly unknown[];
}

const RANK: Readonly<Record<Confidence, number>> = { low: 0, medium: 1, high: 2 };
/** Rules of which the first already says what the second would on the same line. */
const COVERED_BY: Readonly<Record<string, readonly string[]>> = {
  'unsafe-deserialisation': ['unsafe-yaml-load'],
  'xml-from-outside': ['xml-external-entities'],
  'hard-coded-secret': ['jwt-hard-coded-key'],
  'cors-any-origin': ['cors-reflected-origin'],
  'archive-entry-path': ['path-traversal'],
  'mass-assignment': ['nosql-injection'],
};

const keyOf = ({ file, line }: Placed, rule: string): string => `${line}:${rule}:${file}`;

const byPlace = (a: Placed, b: Placed): number =>
  (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
  a.line - b.line ||
  a.column - b.column ||
  (a.ruleId < b.ruleId ? -1 : 1);

/** Of two that are as sure the one with the shorter way, whichever came first. */
function isSurer(finding: Placed, other: Placed): boolean {
  const difference =
    RANK[finding.confidence] - RANK[other.confidence] || other.trace.length - finding.trace.length;
  return difference === 0
    ? JSON.stringify(finding.trace) < JSON.stringify(other.trace)
    : difference > 0;
}

/** One finding per rule and line, the surest; in order of place. */
export function deduplicated<T extends Placed>(findings: readonly T[]): T[] {
  const best = new Map<string, T>();
  for (const finding of findings) {
    const key = keyOf(finding, finding.ruleId);
    const other = best.get(key);
    if (!other || isSurer(finding, other)) {
      best.set(key, finding);
    }
  }
  return [...best.values()]
    .filter(
      (finding) => !COVERED_BY[finding.ruleId]?.some((cover) => best.has(keyOf(finding, cover))),
    )
    .sort(byPlace);
}

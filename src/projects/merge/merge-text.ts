import { diff3Merge, diffComm } from 'node-diff3';

/** The three versions of one text. */
export interface TextVersions {
  /** What both were made from; `null`: each was made by itself. */
  base: string | null;
  yours: string;
  generated: string;
}

export type TextMerge =
  | { isClean: true; text: string }
  /** With the standard markers around each place that both changed; `null`: too long to compare. */
  | { isClean: false; text: string | null };

const YOURS = '<<<<<<< yours';
const MIDDLE = '=======';
const GENERATED = '>>>>>>> generated';
/** Pairs of lines: the comparison takes time with them, well under a second for so many. */
const MAX_PAIRS = 50_000_000;
/** The library hands lines on as arguments of a call. */
const MAX_LINES = 50_000;

/**
 * Merges two texts line by line, three ways where there is a base.
 *
 * Where yours ends its lines all alike, the result does so, too, and the way that lines end is no change; a text with both kinds is
 * compared as it is. Whether there is a last line end is merged apart from the lines: adding or taking it off is no
 * conflict with a new last line.
 */
export function mergeText({ base, yours, generated }: TextVersions): TextMerge {
  const ending = endingOf(yours);
  const [o, a, b] = [base ?? '', yours, generated].map((text) => linesOf(text, ending));
  if (!o || !a || !b || isTooLong(o, a, b)) {
    return { isClean: false, text: null };
  }
  const parts = base === null ? apart(a.lines, b.lines) : threeWay(a.lines, o.lines, b.lines);
  const isClean = parts.every((part) => 'ok' in part);
  const lines = parts.flatMap((part) =>
    'ok' in part ? part.ok : [YOURS, ...part.yours, MIDDLE, ...part.generated, GENERATED],
  );
  const isEnded = isClean && a.isEnded === o.isEnded ? b.isEnded : a.isEnded;
  const text = lines.join('\n') + (lines.length > 0 && (isEnded || !isClean) ? '\n' : '');
  return { isClean, text: ending === '\r\n' ? text.replaceAll('\n', '\r\n') : text };
}

/** Of all lines of a text; `null`: it has none, or both kinds. */
function endingOf(text: string): '\n' | '\r\n' | null {
  const lines = text.split('\n').length - 1;
  const carriageReturns = text.split('\r\n').length - 1;
  if (lines === 0) {
    return null;
  }
  if (carriageReturns === lines) {
    return '\r\n';
  }
  return carriageReturns === 0 ? '\n' : null;
}

interface Lines {
  lines: string[];
  /** Whether the last line has an end. */
  isEnded: boolean;
}

type Part = { ok: string[] } | { yours: string[]; generated: string[] };

/** @param yours How yours ends its lines; `null`: not alike, so that each line keeps its end. */
function linesOf(text: string, yours: '\n' | '\r\n' | null): Lines {
  const lines = (yours === null ? text : text.replaceAll('\r\n', '\n')).split('\n');
  const isEnded = lines.at(-1) === '';
  if (isEnded) {
    lines.pop();
  }
  return { lines, isEnded };
}

function isTooLong(o: Lines, a: Lines, b: Lines): boolean {
  const [base, yours, generated] = [o, a, b].map(({ lines }) => lines.length) as [
    number,
    number,
    number,
  ];
  return (
    Math.max(base, yours, generated) > MAX_LINES ||
    base * yours + base * generated > MAX_PAIRS ||
    yours * generated > MAX_PAIRS
  );
}

function threeWay(yours: string[], base: string[], generated: string[]): Part[] {
  return diff3Merge(yours, base, generated).map(({ ok, conflict }) =>
    conflict ? { yours: conflict.a, generated: conflict.b } : { ok: ok ?? [] },
  );
}

/** Without a base nobody knows which side changed a line: every difference is a conflict. */
function apart(yours: string[], generated: string[]): Part[] {
  return diffComm(yours, generated).map((part) =>
    'common' in part
      ? { ok: part.common as string[] }
      : { yours: part.buffer1, generated: part.buffer2 },
  );
}

import { commentsIn } from '../engines/tokens.js';
import type { Finding, Suppression } from './finding.js';
import { MARKERS, type Marker, type Reach } from './suppression-markers.js';

export interface MarkedSource {
  /** The text with every marker unreadable, at the same length: engines then report what would be silenced. */
  text: string;
  suppressions: Suppressions;
}

type Entry = Suppression & Reach;

/** The comments of one file. Most reach a line or two: they are found by line, so that no file makes the search slow. */
class Suppressions {
  readonly all: Entry[] = [];
  private readonly byLine = new Map<number, Entry[]>();
  private readonly ranges: Entry[] = [];
  private readonly open: Entry[] = [];

  add(entry: Entry): void {
    if (entry.to - entry.from <= 1) {
      for (let line = entry.from; line <= entry.to; line += 1) {
        this.byLine.set(line, [...(this.byLine.get(line) ?? []), entry]);
      }
    } else if (this.ranges.length < MAX_RANGES) {
      this.ranges.push(entry);
      if (entry.marker.endsWith('-disable')) {
        this.open.push(entry);
      }
    } else {
      return;
    }
    this.all.push(entry);
  }

  /** Ends the blocks that are open. */
  endBlocks(line: number): void {
    for (const entry of this.open.splice(0)) {
      entry.to = line;
    }
  }

  find(finding: Finding): Entry | undefined {
    const { line, end_line: end } = finding;
    return (
      this.byLine.get(line)?.find(({ matches }) => matches(finding)) ??
      // The end of a statement over several lines is where some linters want their comment.
      this.byLine
        .get(end)
        ?.find(({ from, to, matches }) => from === end && to === end && matches(finding)) ??
      this.ranges.find(({ from, to, matches }) => line >= from && line <= to && matches(finding))
    );
  }
}

/** Of one file; beyond these, comments on whole blocks are not honoured. */
const MAX_RANGES = 200;

/** Ends what `eslint-disable` began. */
const ENABLE = /\/\*\s*(?:eslint|oxlint)-enable\b/;
/** Spares most files the look at every line. */
const ANY_MARKER =
  /noqa|nosec|nosemgrep|NOSONAR|type:\s*ignore|pyright:|mypy:|(?:eslint|oxlint)-disable|@ts-(?:ignore|expect-error|nocheck)/i;

/**
 * Finds the comments that ask tools for silence.
 *
 * Markers in string literals are text like any other.
 *
 * @param language As `languageOf` names it.
 */
export function readSuppressions(text: string, language: string): MarkedSource {
  if (!ANY_MARKER.test(text)) {
    return { text, suppressions: new Suppressions() };
  }
  const markers = MARKERS.filter(({ languages }) => languages.includes(language));
  const suppressions = new Suppressions();
  const comments = commentsIn(text, language === 'Python');
  let start = 0;
  const lines = text.split('\n').map((content, index) => {
    if (ENABLE.test(content)) {
      suppressions.endBlocks(index + 1);
    }
    const from = start;
    start += content.length + 1;
    return ANY_MARKER.test(content)
      ? readLine(
          { content, number: index + 1, isComment: (at) => comments[from + at] === 1 },
          markers,
          suppressions,
        )
      : content;
  });
  return { text: lines.join('\n'), suppressions };
}

/** The comment that silences a finding; `null`: none does. */
export function suppressionOf(
  finding: Finding,
  { suppressions }: Pick<MarkedSource, 'suppressions'>,
): Suppression | null {
  const found = suppressions.find(finding);
  return found ? { marker: found.marker, line: found.line, reason: found.reason } : null;
}

interface Line {
  content: string;
  /** Counted from 1. */
  number: number;
  isComment: (at: number) => boolean;
}

function readLine(
  { content, number: line, isComment }: Line,
  markers: readonly Marker[],
  suppressions: Suppressions,
): string {
  let rest = content;
  for (const { pattern, reach } of markers) {
    const match = firstIn(rest, pattern, isComment);
    const word = match?.[1];
    if (!match || word === undefined) {
      continue;
    }
    const isAlone = rest.slice(0, match.index).trim() === '';
    suppressions.add({
      marker: word.replace(/\s+/g, ' '),
      line,
      reason: reasonIn(match.groups?.['reason']),
      ...reach(namesIn(match.groups?.['names']), line, isAlone),
    });
    const at = rest.indexOf(word, match.index);
    rest = rest.slice(0, at) + word.replace(/\w/g, 'x') + rest.slice(at + word.length);
  }
  return rest;
}

function firstIn(
  text: string,
  pattern: RegExp,
  isComment: Line['isComment'],
): RegExpExecArray | null {
  for (let from = 0; from < text.length;) {
    const match = pattern.exec(text.slice(from));
    if (!match) {
      return null;
    }
    match.index += from;
    if (isComment(match.index)) {
      return match;
    }
    from = match.index + 1;
  }
  return null;
}

function namesIn(text = ''): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}

function reasonIn(text = ''): string | null {
  const reason = text
    .replace(/\*\/.*$/, '')
    .replace(/^[\s:#,;–—-]+/, '')
    .trim()
    .slice(0, 200);
  return reason === '' ? null : reason;
}

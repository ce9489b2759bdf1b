/** Lines around the place. */
const CONTEXT = 3;
/** Of a place that spans more, such as a long function, the beginning is shown. */
const MAX_MARKED = 6;
/** Beyond, a line is cut, around the place if it is in it. */
const MAX_WIDTH = 200;

/** A name with its members, a literal text, or one sign. */
const POINTED_AT = /^(?:[\p{L}\p{N}_$.]+|(["'`])(?:\\.|(?!\1)[^\\])*\1|[^])/u;

export interface ExcerptRow {
  number: number;
  isMarked: boolean;
  before: string;
  /** What the column points at. */
  mark: string;
  after: string;
}

export interface Excerpt {
  rows: ExcerptRow[];
  /** How many lines of the place are not shown. */
  more: number;
}

interface Place {
  line: number;
  column: number;
  end_line?: number;
}

/** Lines of a source as a reader needs them: a place with what stands around, without their common indentation. */
export function excerptOf(
  lines: readonly string[],
  { line, column, end_line: endLine = line }: Place,
  context = CONTEXT,
): Excerpt | null {
  if (!Number.isInteger(line) || line < 1 || line > lines.length) {
    return null;
  }
  const end = Math.min(Math.max(line, endLine), lines.length);
  const lastMarked = Math.min(end, line + MAX_MARKED - 1);
  const first = Math.max(1, line - context);
  const last = Math.min(lines.length, lastMarked + (lastMarked < end ? 0 : context));
  const shown = lines.slice(first - 1, last);
  const indent = indentOf(shown);
  const rows = shown.map((text, index) => {
    const number = first + index;
    const isMarked = number >= line && number <= lastMarked;
    const at = number === line ? Math.max(0, column - 1 - indent) : null;
    return { number, isMarked, ...split(text.slice(indent), at) };
  });
  return { rows, more: end - lastMarked };
}

/** How many leading blanks all lines share; tabs and spaces mixed share what is the same. */
function indentOf(lines: readonly string[]): number {
  const filled = lines.filter((line) => line.trim() !== '');
  const [first = ''] = filled;
  const blanks = /^[ \t]*/.exec(first)?.[0] ?? '';
  let length = blanks.length;
  while (length > 0 && !filled.every((line) => line.startsWith(blanks.slice(0, length)))) {
    length -= 1;
  }
  return length;
}

function split(text: string, at: number | null): Pick<ExcerptRow, 'before' | 'mark' | 'after'> {
  if (at === null || at >= text.length) {
    return { before: cutEnd(text, MAX_WIDTH), mark: '', after: '' };
  }
  const mark = POINTED_AT.exec(text.slice(at, at + MAX_WIDTH / 2))?.[0] ?? '';
  const before = text.slice(0, at);
  const room = Math.max(20, MAX_WIDTH - mark.length);
  return {
    before:
      before.length > room / 2 && text.length > MAX_WIDTH ? cutStart(before, room / 2) : before,
    mark,
    after: cutEnd(text.slice(at + mark.length), Math.max(room / 2, room - before.length)),
  };
}

function cutEnd(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)} …` : text;
}

function cutStart(text: string, length: number): string {
  return text.length > length ? `… ${text.slice(-length)}` : text;
}

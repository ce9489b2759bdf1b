import { createHash } from 'node:crypto';
import { findRepeats, MIN_LINES, MIN_TOKENS, type Repeat } from './find-repeats.js';
import { Lexer } from './lexer.js';

/** Lines of a file, the first and the last included. */
export interface Place {
  file: string;
  line: number;
  endLine: number;
  /** The first of them. */
  text: string;
}

export interface Duplicate {
  kind: 'block' | 'file';
  at: Place;
  /** In the order of their paths. */
  others: Place[];
}

export interface Duplicates {
  found: Duplicate[];
  /** Lines with code that stand elsewhere as well, by file; each counts once. */
  lines: Record<string, number>;
}

/** Of the tokens of a copied block, at least so many tell that it is code; tables of data are alike by nature. */
const MIN_SHARE_OF_CODE = 0.04;
const MAX_OTHERS = 20;
const MAX_FOUND = 2_000;

/**
 * Finds code that stands more than once.
 *
 * A file that is another one's copy as a whole is one duplicate of kind `file`. Beyond that it is treated like the
 * file that it is a copy of: it has the same duplicates in it and the same number of duplicated lines. So a project
 * that is copied whole, vendored into itself, has the same share of duplicated lines as before.
 */
export function findDuplicates(files: ReadonlyMap<string, string>): Duplicates {
  const twins = groupTwins(files);
  const corpus = new Corpus([...twins.keys()].sort(), files);
  const found: Duplicate[] = corpus.duplicates().flatMap((duplicate) =>
    (twins.get(duplicate.at.file) ?? []).map((file) => ({
      ...duplicate,
      at: { ...duplicate.at, file },
    })),
  );
  const lines: Record<string, number> = {};
  for (const [first, all] of twins) {
    for (const file of all) {
      lines[file] = corpus.duplicatedLines(first);
    }
    const [original, ...copies] = all.filter(() => corpus.isBig(first)).map(wholeOf(files));
    const [at, ...others] = copies;
    if (original && at) {
      found.push({ kind: 'file', at, others: [original, ...others].slice(0, MAX_OTHERS) });
    }
  }
  return { found: found.slice(0, MAX_FOUND), lines };
}

/** Paths by the first of those that have the same content: the shortest, as copies lie deeper. */
function groupTwins(files: ReadonlyMap<string, string>): Map<string, string[]> {
  const byContent = new Map<string, string[]>();
  const paths = [...files.keys()].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  for (const path of paths) {
    const hash = createHash('sha256')
      .update(files.get(path) ?? '')
      .digest('base64');
    byContent.set(hash, [...(byContent.get(hash) ?? []), path]);
  }
  return new Map([...byContent.values()].map((group) => [group[0] ?? '', group]));
}

function wholeOf(files: ReadonlyMap<string, string>): (file: string) => Place {
  return (file) => {
    const lines = (files.get(file) ?? '').split('\n');
    return { file, line: 1, endLine: lines.length, text: (lines[0] ?? '').trim() };
  };
}

/** All files, one after the other, as one row of tokens. */
class Corpus {
  private readonly ids: Int32Array;
  private readonly lines: Int32Array;
  /** Where each file's tokens begin; one more at the end. */
  private readonly starts: number[] = [0];
  private readonly lexer = new Lexer();
  private readonly duplicated: Set<number>[];

  constructor(
    private readonly paths: readonly string[],
    private readonly files: ReadonlyMap<string, string>,
  ) {
    const ids: number[] = [];
    const lines: number[] = [];
    for (const path of paths) {
      const tokens = this.lexer.read(files.get(path) ?? '', /\.pyi?$/i.test(path));
      tokens.ids.forEach((id) => ids.push(id));
      tokens.lines.forEach((line) => lines.push(line));
      ids.push(this.lexer.border());
      lines.push(0);
      this.starts.push(ids.length);
    }
    this.ids = Int32Array.from(ids);
    this.lines = Int32Array.from(lines);
    this.duplicated = paths.map(() => new Set());
  }

  /** One for all places of the same block, at the second of them. */
  duplicates(): Duplicate[] {
    const seed = createHash('sha256').update(this.paths.join('\n')).digest().readUInt32LE();
    const groups = new Map<string, Place[]>();
    for (const repeat of findRepeats(this.ids, seed)) {
      const { from, at, length } = this.wholeLines(repeat);
      if (
        length >= MIN_TOKENS &&
        Math.min(this.linesIn(from, length), this.linesIn(at, length)) >= MIN_LINES &&
        this.isCode(at, length)
      ) {
        this.mark(from, length);
        this.mark(at, length);
        const key = `${from}:${length}`;
        const places = groups.get(key) ?? [this.placeOf(from, length)];
        places.push(this.placeOf(at, length));
        groups.set(key, places);
      }
    }
    return [...groups.values()].flatMap(([first, at, ...others]) =>
      first && at ? [{ kind: 'block', at, others: [first, ...others].slice(0, MAX_OTHERS) }] : [],
    );
  }

  duplicatedLines(path: string): number {
    return this.duplicated[this.paths.indexOf(path)]?.size ?? 0;
  }

  /** Whether the file as a whole is as long as a block must be. */
  isBig(path: string): boolean {
    const index = this.paths.indexOf(path);
    const from = this.starts[index] ?? 0;
    const length = (this.starts[index + 1] ?? from) - from;
    return length > MIN_TOKENS && this.linesIn(from, length) >= MIN_LINES;
  }

  /** Without the end of a line that it begins in, and the beginning of one that it ends in. */
  private wholeLines({ from, at, length }: Repeat): Repeat {
    const isBorder = (token: number) => this.lines[token] !== this.lines[token - 1];
    let skipped = 0;
    while (skipped < length && !isBorder(at + skipped)) {
      skipped += 1;
    }
    let end = length;
    while (end > skipped && !isBorder(at + end)) {
      end -= 1;
    }
    return { from: from + skipped, at: at + skipped, length: end - skipped };
  }

  private linesIn(from: number, length: number): number {
    let count = 0;
    for (let i = from; i < from + length; i += 1) {
      count += i === from || this.lines[i] !== this.lines[i - 1] ? 1 : 0;
    }
    return count;
  }

  private isCode(from: number, length: number): boolean {
    let signs = 0;
    for (let i = from; i < from + length; i += 1) {
      signs += this.lexer.isSignOfCode(this.ids[i] ?? 0, this.ids[i - 1] ?? 0) ? 1 : 0;
    }
    return signs >= length * MIN_SHARE_OF_CODE;
  }

  private mark(from: number, length: number): void {
    const lines = this.duplicated[this.fileAt(from)];
    for (let i = from; i < from + length; i += 1) {
      lines?.add(this.lines[i] ?? 0);
    }
  }

  private placeOf(from: number, length: number): Place {
    const file = this.paths[this.fileAt(from)] ?? '';
    const line = this.lines[from] ?? 1;
    const text = this.files.get(file)?.split('\n', line).at(-1) ?? '';
    return { file, line, endLine: this.lines[from + length - 1] ?? line, text: text.trim() };
  }

  /** By halving, as there may be thousands of files. */
  private fileAt(token: number): number {
    let low = 0;
    let high = this.paths.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.starts[middle] ?? 0) <= token) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}

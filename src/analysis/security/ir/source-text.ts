/** Turns offsets into one-based lines and columns, and quotes the lines they lie on. */
export class SourceText {
  private readonly lineStarts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.lineStarts.push(at + 1);
    }
  }

  get lines(): number {
    return this.lineStarts.length;
  }

  /** One-based line and column. */
  position(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }

  /** The code between two offsets on one line, shortened to what fits a report. */
  quote(start: number, end: number, maxLength = 120): string {
    const flat = this.text
      .slice(start, Math.min(end, start + maxLength * 2))
      .replace(/\s+/g, ' ')
      .trim();
    return flat.length > maxLength ? `${flat.slice(0, maxLength - 1)}…` : flat;
  }
}

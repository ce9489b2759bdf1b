import { excerptOf, type Excerpt } from './excerpt.js';

const LINES = [
  'a',
  'b',
  '    if x:',
  '        call(y)',
  '    z',
  '',
  'c',
  'd',
  'e',
  'f',
  'g',
  'h',
  'i',
];

describe(excerptOf.name, () => {
  it('shows a line with three lines around, and marks what the column points at', () => {
    const excerpt = excerptOf(LINES, { line: 4, column: 9 });
    expect(excerpt?.rows.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(excerpt?.rows.filter(({ isMarked }) => isMarked)).toEqual([
      { number: 4, isMarked: true, before: '        ', mark: 'call', after: '(y)' },
    ]);
  });

  it('takes away the indentation that all lines share, and keeps the mark where it was', () => {
    const lines = ['\t\tif x:', '', '\t\t\tcall(y)'];
    expect(textOf(excerptOf(lines, { line: 3, column: 4 }))).toEqual(['if x:', '', '\t[call](y)']);
  });

  it('keeps indentation that only looks the same', () => {
    expect(textOf(excerptOf(['\ta', '    b'], { line: 1, column: 2 }))).toEqual(['\t[a]', '    b']);
  });

  it('shows the beginning of what is long, and says how much is left', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index + 1}`);
    const excerpt = excerptOf(lines, { line: 10, column: 1, end_line: 60 });
    expect(excerpt?.rows.map(({ number }) => number)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect(excerpt?.more).toBe(45);
  });

  it.each([
    ['a call', 'os.system(x)', 1, '[os.system](x)'],
    ['a text', "f('a b', c)", 3, "f(['a b'], c)"],
    ['a text that holds its own quote', '"a\\"b" + c', 1, '["a\\"b"] + c'],
    ['a sign', 'a + b', 3, 'a [+] b'],
    ['a letter of another alphabet', 'größe = 1', 1, '[größe] = 1'],
    ['the end of the line', 'ab', 3, 'ab'],
    ['nothing beyond the line', 'ab', 99, 'ab'],
    ['the line, where no column is known', 'ab', 0, '[ab]'],
  ])('marks %s', (_, text, column, expected) => {
    expect(textOf(excerptOf([text], { line: 1, column }))).toEqual([expected]);
  });

  it('cuts a long line around the place', () => {
    const text = `${'a'.repeat(50_000)} call(x) ${'b'.repeat(50_000)}`;
    const [row] = excerptOf([text], { line: 1, column: 50_002 })?.rows ?? [];
    expect(row?.mark).toBe('call');
    expect(`${row?.before}${row?.mark}${row?.after}`.length).toBeLessThan(260);
  });

  it.each([0, -1, 14, 1.5, NaN])('has nothing to show of a line %s', (line) => {
    expect(excerptOf(LINES, { line, column: 1 })).toBeNull();
  });
});

function textOf(excerpt: Excerpt | null): string[] | undefined {
  return excerpt?.rows.map(({ before, mark, after }) => before + (mark && `[${mark}]`) + after);
}

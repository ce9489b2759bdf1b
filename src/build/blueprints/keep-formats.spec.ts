import { keepFormats } from './keep-formats.js';

describe(keepFormats.name, () => {
  const seen: string[] = [];
  const format = keepFormats((_, text) => {
    seen.push(text);
    return text.toUpperCase();
  }, 2);

  it('lays out the same text once, and again when others were used since', () => {
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map((text) => format('x', text))).toEqual([
      ...['A', 'B', 'A', 'C', 'A', 'B'],
    ]);
    expect(seen).toEqual(['a', 'b', 'c', 'b']);
  });
});

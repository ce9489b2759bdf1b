import { suspectsOf } from './suspects.js';

const WELL = 'def f(a):\n    return a.b(1) + 2\n';

function suspectsIn(files: Record<string, string>): string[] {
  return suspectsOf(
    new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  );
}

describe(suspectsOf, () => {
  it.each([
    ['a sum', `x = (a\n${'+ a\n'.repeat(1000)})\n`],
    ['a chain of elif', `if a: pass\n${'elif a: pass\n'.repeat(1000)}`],
    ['a chain of calls', `x = a\\\n${'.b(lambda q: q)\\\n'.repeat(1000)}\n`],
    ['one line', `x = ${'not '.repeat(1000)}a\n`],
  ])('names all files with %s that is too long', (_, text) => {
    expect(suspectsIn({ 'a.py': WELL, 'b.py': text, 'c.py': text })).toEqual(['b.py', 'c.py']);
  });

  it('names the longest where none is too long, and not the largest table', () => {
    const table = `x = [\n${"    ('a.b', 1, 'c+d'),\n".repeat(100)}]\n`;
    const sum = `x = ${Array.from({ length: 300 }, () => 'a').join(' + ')}\n`;
    expect(suspectsIn({ 'table.py': table, 'sum.py': sum, 'c.py': WELL })).toEqual(['sum.py']);
  });

  it('names none of none', () => {
    expect(suspectsIn({})).toEqual([]);
  });
});

import { findDuplicates } from './find-duplicates.js';

/** Code of so many lines, twelve tokens each; another `seed`, other code. */
function block(lines: number, seed = 'x'): string {
  return Array.from({ length: lines }, (_, n) => `${seed}${n} = call(${seed}, ${n}) + ${n};`).join(
    '\n',
  );
}

const find = (files: Record<string, string>) => findDuplicates(new Map(Object.entries(files)));

describe(findDuplicates, () => {
  it('finds a block that stands in two files, at the later one', () => {
    const { found, lines } = find({
      'a.ts': `${block(5, 'a')}\n${block(20)}\n`,
      'b.ts': `${block(3, 'b')}\n\n// another comment\n${block(20)}\n${block(2, 'c')}`,
    });
    expect(found).toEqual([
      {
        kind: 'block',
        at: { file: 'b.ts', line: 6, endLine: 25, text: 'x0 = call(x, 0) + 0;' },
        others: [{ file: 'a.ts', line: 6, endLine: 25, text: 'x0 = call(x, 0) + 0;' }],
      },
    ]);
    expect(lines).toEqual({ 'a.ts': 20, 'b.ts': 20 });
  });

  it('counts comments and white space for nothing', () => {
    const spaced = block(20).replaceAll(' + ', '\n/* so */ +  ');
    expect(find({ 'a.js': `${block(20)}\nx`, 'b.js': `y\n${spaced}` }).found).toHaveLength(1);
  });

  it('names all places of a block in one finding', () => {
    const { found } = find({
      'a.py': `a = 1\n${block(20)}\nb = 2`,
      'b.py': `c = 3\n${block(20)}\nd = 4`,
      'c.py': `e = 5\n${block(20)}\nf = 6`,
    });
    expect(found.map(({ at, others }) => [at.file, ...others.map(({ file }) => file)])).toEqual([
      ['b.py', 'a.py', 'c.py'],
    ]);
  });

  it.each([
    ['fewer than 10 lines', block(9)],
    ['fewer than 100 tokens', Array.from({ length: 20 }, (_, n) => `a${n}()`).join('\n')],
    [
      'tables of data',
      Array.from({ length: 50 }, (_, n) => `  { name: "n${n}", size: [${n}, 7] },`).join('\n'),
    ],
    ['imports', Array.from({ length: 40 }, (_, n) => `import { a, b } from './m${n}';`).join('\n')],
  ])('leaves out %s', (_, text) => {
    expect(find({ 'a.ts': `let a;\n${text}\nlet b;`, 'b.ts': `let c;\n${text}\nlet d;` })).toEqual({
      found: [],
      lines: { 'a.ts': 0, 'b.ts': 0 },
    });
  });

  it('leaves out the imports of Python', () => {
    const text = Array.from(
      { length: 40 },
      (_, n) => `from m${n} import (\n  a,\n  b)\nimport c${n}`,
    );
    expect(find({ 'a.py': `a = 1\n${text.join('\n')}`, 'b.py': text.join('\n') }).found).toEqual(
      [],
    );
  });

  it('takes other names for other code', () => {
    expect(find({ 'a.ts': block(30, 'a'), 'b.ts': block(30, 'b') }).found).toEqual([]);
  });

  it('says once that a file is the copy of another', () => {
    const { found, lines } = find({
      'a.ts': block(30),
      'copy/a.ts': block(30),
      'old/a.ts': block(30),
    });
    expect(
      found.map(({ kind, at, others }) => [kind, at.file, ...others.map(({ file }) => file)]),
    ).toEqual([['file', 'old/a.ts', 'a.ts', 'copy/a.ts']]);
    expect(lines).toEqual({ 'a.ts': 0, 'copy/a.ts': 0, 'old/a.ts': 0 });
  });

  it('finds the same share of duplicated lines in a project that was copied whole', () => {
    const project = {
      'a.ts': `let a;\n${block(20)}\n`,
      'lib/b.ts': `let b;\n${block(20)}\n${block(12, 'z')}`,
      'lib/c.ts': `let c;\n${block(12, 'z')}`,
    };
    const copy = Object.fromEntries(
      Object.entries(project).map(([p, text]) => [`copy/${p}`, text]),
    );
    const sum = (lines: Record<string, number>) => Object.values(lines).reduce((a, b) => a + b, 0);
    const once = find(project);
    const twice = find({ ...project, ...copy });
    expect(sum(once.lines)).toBe(64);
    expect(sum(twice.lines)).toBe(128);
    const blocks = (kind: typeof once) => kind.found.filter((each) => each.kind === 'block').length;
    expect([blocks(once), blocks(twice)]).toEqual([2, 4]);
  });

  it.each([
    ['equal lines', 'a = b + c;\n'.repeat(100_000)],
    ['equal blocks', `${block(40)}\n`.repeat(2_500)],
    ['open comments', '/*'.repeat(100_000)],
    ['open strings', `"'\`"\n`.repeat(50_000)],
    ['open brackets', 'import (\n'.repeat(50_000)],
    ['slashes', '= /[/\n'.repeat(50_000)],
    ['two alternating lines', 'a(b);\nb(a);\n'.repeat(50_000)],
  ])('takes time in proportion to the length of %s', (_, text) => {
    const started = process.cpuUsage();
    const { found } = find({ 'a.ts': text, 'b.ts': `${text}a` });
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(15_000);
    expect(found.length).toBeLessThan(100);
  });
});

import { countLines, notesOnUntaken, takeInventory } from './source-files.js';

describe(takeInventory, () => {
  it('tells own code from what lies beside it', () => {
    const text = Buffer.from('x\n');
    const files = new Map([
      ['app/main.py', text],
      ['README.md', text],
      ['node_modules/a/index.js', text],
      ['broken.py', Buffer.from([0xff, 0xfe, 0])],
      ['web/app.ts', text],
    ]);
    const { code, notes } = takeInventory(files);
    expect([...code.keys()]).toEqual(['app/main.py', 'web/app.ts']);
    expect(notes).toEqual([
      '1 file not analysed, as vendored code, such as node_modules/a/index.js',
      '1 file not analysed, because not UTF-8 text, such as broken.py',
    ]);
  });
});

describe(notesOnUntaken, () => {
  it('names each language, the most files first', () => {
    expect(notesOnUntaken(['a.go', 'b.ts', 'c.tsx'])).toEqual([
      '2 files of TypeScript not analysed: there is no engine for it',
      '1 file of Go not analysed: there is no engine for it',
    ]);
  });
});

describe(countLines, () => {
  it('leaves out blank lines', () => {
    expect(countLines([Buffer.from('a\n\n  \n\tb\r\n'), Buffer.from(''), Buffer.from('c')])).toBe(
      3,
    );
  });
});

import { mergeTrees } from './merge-trees.js';

type Texts = Record<string, string | Buffer>;

const LINES = 'one\ntwo\nthree\nfour\nfive\nsix\n';

function merge(versions: { base: Texts; yours: Texts; generated: Texts }) {
  const { files, conflicts, merged } = mergeTrees({
    base: treeOf(versions.base),
    yours: treeOf(versions.yours),
    generated: treeOf(versions.generated),
  });
  const texts = Object.fromEntries([...files].map(([path, content]) => [path, String(content)]));
  return { texts, conflicts, merged };
}

function treeOf(texts: Texts): Map<string, Buffer> {
  return new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
}

/** One file in the three versions; absent: it isn't there. */
function mergeOne(base?: string | Buffer, yours?: string | Buffer, generated?: string | Buffer) {
  const tree = (text?: string | Buffer): Texts => (text === undefined ? {} : { f: text });
  const { texts, conflicts } = merge({
    base: tree(base),
    yours: tree(yours),
    generated: tree(generated),
  });
  return { text: texts['f'], conflicts };
}

describe(mergeTrees.name, () => {
  it.each([
    ['what nobody changed', LINES, LINES, LINES, LINES],
    ["the user's change", LINES, 'mine\n', LINES, 'mine\n'],
    ["the engine's change", LINES, LINES, 'new\n', 'new\n'],
    ['what both changed alike', LINES, 'same\n', 'same\n', 'same\n'],
    ["the user's new file", undefined, 'mine\n', undefined, 'mine\n'],
    ["the engine's new file", undefined, undefined, 'new\n', 'new\n'],
    ['what both added alike', undefined, 'same\n', 'same\n', 'same\n'],
    ["the user's deletion", LINES, undefined, LINES, undefined],
    ["the engine's deletion", LINES, LINES, undefined, undefined],
    ['what both deleted', LINES, undefined, undefined, undefined],
    [
      'changes in two places of a text',
      LINES,
      `zero\n${LINES}`,
      LINES.replace('six', 'SIX'),
      `zero\n${LINES.replace('six', 'SIX')}`,
    ],
  ])('takes %s', (_, base, yours, generated, expected) => {
    expect(mergeOne(base, yours, generated)).toEqual({ text: expected, conflicts: [] });
  });

  it('makes the new generation of a tree that nobody edited', () => {
    const base = { a: '1', b: '2' };
    const generated = { a: '3', c: '4' };

    expect(merge({ base, yours: base, generated })).toEqual({
      texts: generated,
      conflicts: [],
      merged: [],
    });
  });

  it("keeps the user's text where both changed the same lines, and tells of it with markers", () => {
    const yours = `head\n${LINES.replace('three', 'mine')}`;
    const generated = LINES.replace('three', 'theirs\nand more').replace('six', 'SIX');

    expect(mergeOne(LINES, yours, generated)).toEqual({
      text: yours,
      conflicts: [
        {
          path: 'f',
          kind: 'both_changed',
          text: `head\none\ntwo\n<<<<<<< yours\nmine\n=======\ntheirs\nand more\n>>>>>>> generated\nfour\nfive\nSIX\n`,
        },
      ],
    });
  });

  it.each([
    [
      'was added by both',
      [undefined, 'a\nmine\n', 'a\nnew\n'],
      'a\nmine\n',
      'both_added',
      'a\n<<<<<<< yours\nmine\n=======\nnew\n>>>>>>> generated\n',
    ],
    ['was deleted by the user', [LINES, undefined, 'new\n'], undefined, 'deleted_by_you', 'new\n'],
    ['is no longer made', [LINES, 'mine\n', undefined], 'mine\n', 'no_longer_generated', null],
  ] as const)('keeps what the user has of a file that %s', (_, versions, text, kind, told) => {
    expect(mergeOne(...versions)).toEqual({ text, conflicts: [{ path: 'f', kind, text: told }] });
  });

  it.each([
    ['binary', Buffer.from([0, 1]), Buffer.from([0, 2]), Buffer.from([0, 3])],
    ['no UTF-8', 'a\n', Buffer.from([0x61, 0xff, 0x0a]), 'b\n'],
    ['too long', 'x\n'.repeat(60_000), 'y\n'.repeat(60_000), 'z\n'.repeat(60_000)],
  ])('compares no file that is %s', (_, base, yours, generated) => {
    const { files, conflicts } = mergeTrees({
      base: treeOf({ f: base }),
      yours: treeOf({ f: yours }),
      generated: treeOf({ f: generated }),
    });

    expect(files.get('f')).toEqual(Buffer.from(yours));
    expect(conflicts).toEqual([{ path: 'f', kind: 'not_comparable', text: null }]);
  });

  it('ends quickly however alike the lines are', () => {
    const blank = (count: number) => '\n'.repeat(count);
    const begun = process.cpuUsage();

    const { conflicts } = mergeOne(blank(6000), `mine${blank(6000)}`, `${blank(5000)}new\n`);

    expect(conflicts.length).toBeLessThanOrEqual(1);
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(5_000);
  });

  describe('with the ends of lines', () => {
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');

    it('takes changes over into a text with other ones, and keeps those', () => {
      expect(mergeOne(LINES, crlf(`zero\n${LINES}`), LINES.replace('six', 'SIX\nseven'))).toEqual({
        text: crlf(`zero\n${LINES.replace('six', 'SIX\nseven')}`),
        conflicts: [],
      });
    });

    it('compares a text with both kinds as it is', () => {
      const yours = `zero\r\n${LINES}`;

      expect(mergeOne(LINES, yours, LINES.replace('six', 'SIX'))).toEqual({
        text: yours.replace('six', 'SIX'),
        conflicts: [],
      });
    });

    it.each([
      ['the user took it off', 'a\nb\nc\n', 'a\nb\nc', 'A\nb\nc\n', 'A\nb\nc'],
      ['the user took it off a last line that is changed', 'a\nb\n', 'a\nb', 'a\nB\n', 'a\nB'],
      ['the engine adds it, and a line', 'a\nb\nc', 'A\nb\nc', 'a\nb\nc\nd\n', 'A\nb\nc\nd\n'],
      ['everything was emptied', 'a\n', '', 'a\n', ''],
    ])('keeps the last one where %s', (_, base, yours, generated, expected) => {
      expect(mergeOne(base, yours, generated)).toEqual({ text: expected, conflicts: [] });
    });
  });

  describe('of a renamed file', () => {
    const generated = { old: LINES.replace('six', 'SIX'), other: 'o\n' };

    it.each([
      ['untouched', LINES, generated.old],
      ['and edited', `zero\n${LINES}`, `zero\n${generated.old}`],
    ])('brings the changes to its new name, %s', (_, text, expected) => {
      const { texts, conflicts } = merge({
        base: { old: LINES, other: 'o\n' },
        yours: { 'new/name': text, other: 'o\n' },
        generated,
      });

      expect({ texts, conflicts }).toEqual({
        texts: { 'new/name': expected, other: 'o\n' },
        conflicts: [],
      });
    });

    it('takes no other file for it', () => {
      const { texts, conflicts } = merge({
        base: { old: LINES },
        yours: { mine: 'something else\n', empty: '' },
        generated: { old: generated.old },
      });

      expect(texts).toEqual({ mine: 'something else\n', empty: '' });
      expect(conflicts).toEqual([{ path: 'old', kind: 'deleted_by_you', text: generated.old }]);
    });
  });

  it.each([
    ['a file of yours in the place of a folder', { auth: 'mine' }, { 'auth/router.py': 'new' }],
    ['a folder of yours in the place of a file', { 'auth/mine.py': 'mine' }, { auth: 'new' }],
  ])('keeps %s', (_, yours, generated: Record<string, string>) => {
    const { texts, conflicts } = merge({ base: {}, yours, generated });

    expect(texts).toEqual(yours);
    expect(conflicts).toEqual([
      { path: Object.keys(generated)[0], kind: 'path_taken', text: 'new' },
    ]);
  });

  it('names what it merged', () => {
    const { merged } = merge({
      base: { f: LINES, g: 'g' },
      yours: { f: `0\n${LINES}`, g: 'mine' },
      generated: { f: `${LINES}7\n`, g: 'g' },
    });

    expect(merged).toEqual(['f']);
  });
});

import { readIstanbul } from './read-istanbul.js';

/** Written by nyc 17; functions and branches left out. */
const REPORT =
  '{"/home/ci/js/src/cart.js": {"path":"/home/ci/js/src/cart.js","statementMap":{"0":{"start":{"line":2,"column":14},"end":{"line":2,"column":15}},"1":{"start":{"line":3,"column":2},"end":{"line":5,"column":3}},"2":{"start":{"line":4,"column":4},"end":{"line":4,"column":18}},"3":{"start":{"line":6,"column":2},"end":{"line":8,"column":3}},"4":{"start":{"line":7,"column":4},"end":{"line":7,"column":17}},"5":{"start":{"line":9,"column":2},"end":{"line":9,"column":15}},"6":{"start":{"line":13,"column":2},"end":{"line":13,"column":11}},"7":{"start":{"line":16,"column":0},"end":{"line":16,"column":35}}},"fnMap":{},"branchMap":{},"s":{"0":1,"1":1,"2":2,"3":1,"4":0,"5":1,"6":0,"7":1},"f":{},"b":{},"_coverageSchema":"1a1c01bbd47fc00a2c39e90264f33305004495a9","hash":"a5371191b2b6e532f7b71cf617f8c12c5db41019"}}';

describe(readIstanbul.name, () => {
  it('reads what nyc writes: as many lines as its lcov has', () => {
    expect(readIstanbul(REPORT)).toEqual({
      format: 'istanbul',
      roots: [],
      files: new Map([
        [
          '/home/ci/js/src/cart.js',
          new Map([
            [2, true],
            [3, true],
            [4, true],
            [6, true],
            [7, false],
            [9, true],
            [13, false],
            [16, true],
          ]),
        ],
      ]),
    });
  });

  it('takes the best statement of a line', () => {
    const text = report({ '0': 1, '1': 1 }, { '0': 0, '1': 5 });
    expect(readIstanbul(text)?.files.get('a.js')).toEqual(new Map([[1, true]]));
  });

  it('reads coverage that an old merge has wrapped', () => {
    const text = `{"a.js": {"data": ${JSON.stringify(file({ '0': 3 }, { '0': 1 }))}}}`;
    expect(readIstanbul(text)?.files.get('a.js')).toEqual(new Map([[3, true]]));
  });

  it('leaves out what is no line or no count', () => {
    const text = report(
      { a: 0, b: -1, c: 1.5, d: '2', e: null, f: 6, g: 7, __proto__x: 8 },
      { a: 1, b: 1, c: 1, d: 1, e: 1, f: 'x', toString: 1 },
    );
    expect(readIstanbul(text)?.files.get('a.js')).toEqual(new Map());
  });

  it('takes names of prototypes for names of files', () => {
    const text = `{"__proto__": {"statementMap": {"0": {"start": {"line": 1}}}, "s": {"0": 1}}}`;
    expect(readIstanbul(text)?.files).toEqual(new Map([['__proto__', new Map([[1, true]])]]));
  });

  it.each([
    '',
    '[]',
    'null',
    '{}',
    '{"a.js": 1}',
    '{"a.js": {"s": {}}}',
    '{"total": {"lines": {}}}',
  ])('knows that %j is something else', (text) => {
    expect(readIstanbul(text)).toBeNull();
  });
});

function file(lines: Record<string, unknown>, counts: Record<string, unknown>) {
  const places = Object.entries(lines).map(([id, line]) => [id, { start: { line } }]);
  return { statementMap: Object.fromEntries(places) as object, s: counts };
}

function report(lines: Record<string, unknown>, counts: Record<string, unknown>): string {
  return JSON.stringify({ 'a.js': file(lines, counts) });
}

import { readLcov } from './read-lcov.js';

/** Written by nyc 17 for a small file. */
const NYC = `TN:
SF:src/cart.js
FN:1,price
FN:12,unused
FNF:2
FNH:1
FNDA:1,price
FNDA:0,unused
DA:2,1
DA:3,1
DA:4,2
DA:6,1
DA:7,0
DA:9,1
DA:13,0
DA:16,1
LF:8
LH:6
BRDA:6,0,0,0
BRDA:6,0,1,1
BRF:2
BRH:1
end_of_record
`;

/** Written by coverage.py 7.16. */
const COVERAGE_PY = `SF:app/__init__.py
end_of_record
SF:app/shop.py
DA:1,1
DA:2,1
DA:5,1
DA:6,0
LF:4
LH:3
FN:1,7,price
BRDA:3,0,jump to line 4,1
end_of_record
`;

describe(readLcov.name, () => {
  it('reads what nyc writes', () => {
    expect(readLcov(NYC)).toEqual({
      format: 'lcov',
      roots: [],
      files: new Map([['src/cart.js', hits([2, 3, 4, 6, 9, 16], [7, 13])]]),
    });
  });

  it('reads what coverage.py writes, with files that have no lines', () => {
    expect(readLcov(COVERAGE_PY)?.files).toEqual(
      new Map([
        ['app/__init__.py', new Map()],
        ['app/shop.py', hits([1, 2, 5], [6])],
      ]),
    );
  });

  it('adds up records of one file, as each test of a suite writes its own', () => {
    const text = 'SF:a.c\nDA:1,0\nDA:2,0\nend_of_record\nSF:a.c\nDA:1,3\nDA:2,0\nend_of_record\n';
    expect(readLcov(text)?.files.get('a.c')).toEqual(hits([1], [2]));
  });

  it.each([
    ['a negative count', 'DA:1,-1', hits([], [1])],
    ['a count beyond all numbers', `DA:1,${'9'.repeat(400)}`, hits([1], [])],
    ['a checksum', 'DA:1,1,3Fqe3vZ8', hits([1], [])],
    ['a line 0', 'DA:0,1', hits([], [])],
    ['a negative line', 'DA:-4,1', hits([], [])],
    ['a line beyond all files', 'DA:999999999,1', hits([], [])],
    ['no number', 'DA:NaN,NaN', hits([], [])],
    ['nothing', 'DA:', hits([], [])],
  ])('takes %s for what it is', (_, record, expected) => {
    expect(readLcov(`SF:a.js\r\n${record}\r\nend_of_record`)?.files.get('a.js')).toEqual(expected);
  });

  it('takes names of prototypes for names of files', () => {
    const text = 'SF:__proto__\nDA:1,1\nend_of_record\nSF:constructor\nDA:1,0\nend_of_record\n';
    expect([...(readLcov(text)?.files.keys() ?? [])]).toEqual(['__proto__', 'constructor']);
  });

  it('ignores lines outside of a record', () => {
    expect(readLcov('DA:1,1\nSF:a.js\nend_of_record\nDA:2,1\n')?.files).toEqual(
      new Map([['a.js', new Map()]]),
    );
  });

  it('knows what is not lcov', () => {
    expect(readLcov('<coverage/>')).toBeNull();
    expect(readLcov('')).toBeNull();
  });
});

function hits(covered: number[], missed: number[]): Map<number, boolean> {
  return new Map(
    [
      ...covered.map((line) => [line, true] as const),
      ...missed.map((line) => [line, false] as const),
    ].sort(([a], [b]) => a - b),
  );
}

import { PathMatcher } from './path-matcher.js';

const TREE = [
  'src/cart.ts',
  'src/index.ts',
  'lib/index.ts',
  'packages/a/src/x.ts',
  'packages/b/src/x.ts',
  'setup.py',
];

describe(PathMatcher.name, () => {
  it.each([
    ['the path itself', 'src/cart.ts', 'src/cart.ts'],
    ['a leading dot', './src/cart.ts', 'src/cart.ts'],
    ['a path of a CI machine', '/home/ci/builds/shop/src/cart.ts', 'src/cart.ts'],
    ['a path of Windows', 'C:\\agent\\_work\\1\\s\\src\\cart.ts', 'src/cart.ts'],
    ['relative Windows separators', 'src\\cart.ts', 'src/cart.ts'],
    ['a URL', 'file:///ci/src/cart.ts', 'src/cart.ts'],
    ['steps upwards', '../build/../src/cart.ts', 'src/cart.ts'],
    ['the end of a path in the tree', 'a/src/x.ts', 'packages/a/src/x.ts'],
    ['a name that is there once', 'cart.ts', 'src/cart.ts'],
    ['the longest of several that fit', '/ci/shop/lib/index.ts', 'lib/index.ts'],
    ['a folder that differs above the match', '/ci/other/a/src/x.ts', 'packages/a/src/x.ts'],
  ])('finds a file by %s', (_, reported, file) => {
    expect(match([reported])).toEqual({ [reported]: file });
  });

  it.each([
    ['a name that is there twice', 'index.ts'],
    ['an end that two files share', '/ci/src/x.ts'],
    ['a name alone in another folder', '/ci/shop/test/cart.ts'],
    ['an installed package', '/ci/shop/node_modules/dep/src/cart.ts'],
    ['something else', '/ci/shop/src/none.ts'],
    ['nothing', ''],
    ['dots', '../..'],
    ['a prototype', '__proto__'],
  ])('finds none by %s', (_, reported) => {
    expect(match([reported])).toEqual({});
  });

  it('prefers what lies nearest to the report', () => {
    expect(match(['src/x.ts'], 'packages/b/coverage/lcov.info')).toEqual({
      'src/x.ts': 'packages/b/src/x.ts',
    });
  });

  it('joins relative paths with the roots that the report names', () => {
    expect(match(['index.ts'], 'coverage.xml', ['/ci/shop/lib'])).toEqual({
      'index.ts': 'lib/index.ts',
    });
  });

  it('takes a lone name only below the folder of the others', () => {
    const reported = ['/ci/shop/src/cart.ts', '/ci/shop/setup.py'];
    expect(match([...reported, '/usr/lib/python3/setup.py'])).toEqual({
      '/ci/shop/src/cart.ts': 'src/cart.ts',
      '/ci/shop/setup.py': 'setup.py',
    });
    expect(match(['/ci/shop/src/cart.ts', '/usr/lib/python3/setup.py'])).toEqual({
      '/ci/shop/src/cart.ts': 'src/cart.ts',
    });
  });

  it('takes one of two folders that both fit, the one where more fits', () => {
    const reported = ['/old/src/cart.ts', '/ci/shop/src/cart.ts', '/ci/shop/src/index.ts'];
    expect(Object.keys(match(reported))).toEqual(reported.slice(1));
  });

  it('adds up what is the same file in other words', () => {
    expect(match(['src/cart.ts', './src/cart.ts'])).toEqual({
      'src/cart.ts': 'src/cart.ts',
      './src/cart.ts': 'src/cart.ts',
    });
  });

  it('stays fast on paths made to be slow', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `p${index}/src/index.ts`);
    const reported = Array.from(
      { length: 50_000 },
      (_, index) => `/${'a/'.repeat(50)}q${index}/src/index.ts`,
    );
    const start = process.cpuUsage();
    const found = new PathMatcher(names).match(reported, 'lcov.info', []);
    expect(found.size).toBe(0);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(5_000);
  });
});

function match(reported: string[], source = 'coverage/lcov.info', roots: string[] = []) {
  return Object.fromEntries(new PathMatcher(TREE).match(reported, source, roots));
}

import { findCoverage } from './find-coverage.js';

const TEN_LINES = 'x\n'.repeat(9) + 'x';

const UNREADABLE = 'no coverage report that can be read';
const SAYS_NOTHING = 'says nothing about any line of the source';

describe(findCoverage.name, () => {
  it('tells the lines of the sources, and what the report speaks of beside them', () => {
    const lcov =
      record('/ci/shop/src/a.js', '1,1', '2,0', '3,4') +
      record('/ci/shop/src/gone.js', '1,1') +
      record('/ci/shop/src/b.js', '1,0');
    expect(
      find({ 'coverage/lcov.info': lcov, 'src/a.js': TEN_LINES, 'src/b.js': TEN_LINES }),
    ).toEqual({
      coverage: {
        format: 'lcov',
        source: 'coverage/lcov.info',
        sources: ['coverage/lcov.info'],
        lines: 4,
        covered: 2,
        percent: 50,
        unmatched: 1,
      },
      notes: [],
    });
  });

  it.each([
    ['lcov.info', record('a.py', '1,1', '2,0'), 'lcov'],
    ['coverage.lcov', record('a.py', '1,1', '2,0'), 'lcov'],
    ['coverage.xml', cobertura('a.py'), 'cobertura'],
    ['coverage/cobertura-coverage.xml', cobertura('a.py'), 'cobertura'],
    ['out/coverage.cobertura.xml', cobertura('a.py'), 'cobertura'],
    [
      'coverage.json',
      '{"meta":{},"files":{"a.py":{"executed_lines":[1],"missing_lines":[2]}}}',
      'coverage.py',
    ],
    ['coverage/coverage-final.json', istanbul('/ci/x/a.py'), 'istanbul'],
    ['coverage.json', istanbul('a.py'), 'istanbul'],
  ])('reads %s', (path, text, format) => {
    expect(find({ [path]: text, 'a.py': TEN_LINES })).toMatchObject({
      coverage: {
        format,
        source: path,
        lines: 2,
        covered: 1,
        percent: 50,
      },
    });
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['there is no report', {}, []],
    [
      'nothing in it matches',
      { 'lcov.info': record('other.py', '1,1') },
      [`lcov.info: ${SAYS_NOTHING}`],
    ],
    ['it has no lines', { 'lcov.info': record('a.py') }, [`lcov.info: ${SAYS_NOTHING}`]],
    [
      'it is only a name',
      { 'coverage.xml': '<html/>', 'coverage.json': '{}', 'lcov.info': '' },
      [`coverage.json and 2 more: ${UNREADABLE}`],
    ],
    ['it belongs to a package', { 'node_modules/x/lcov.info': record('a.py', '1,1') }, []],
    ['it is there to be tested with', { 'tests/fixtures/coverage.xml': cobertura('a.py') }, []],
    [
      'its lines are beyond the file',
      { 'lcov.info': record('a.py', '11,1') },
      [`lcov.info: ${SAYS_NOTHING}`],
    ],
  ])('knows nothing, rather than 0, where %s, and says why', (_, reports, notes) => {
    expect(find({ ...reports, 'a.py': TEN_LINES })).toEqual({ coverage: null, notes });
  });

  it('counts what is asked of alone, not the tests', () => {
    const files = {
      'lcov.info': record('a.py', '1,0') + record('test_a.py', '1,1', '2,1'),
      'a.py': TEN_LINES,
      'test_a.py': TEN_LINES,
    };
    expect(findCoverage(toTree(files), ['a.py'])).toMatchObject({
      coverage: {
        lines: 1,
        covered: 0,
        percent: 0,
        unmatched: 1,
      },
    });
  });

  it('adds up the reports of the packages of a large repository', () => {
    const found = find({
      'packages/a/coverage/lcov.info': record('src/x.js', '1,1', '2,1'),
      'packages/b/coverage/lcov.info': record('src/x.js', '1,0'),
      'packages/a/src/x.js': TEN_LINES,
      'packages/b/src/x.js': TEN_LINES,
    });
    expect(found).toMatchObject({
      coverage: {
        lines: 3,
        covered: 2,
        percent: 66.67,
        sources: ['packages/a/coverage/lcov.info', 'packages/b/coverage/lcov.info'],
      },
    });
  });

  it('unites the lines of reports of one format', () => {
    const found = find({
      'lcov.info': record('a.py', '1,1', '2,0'),
      'unit/lcov.info': record('a.py', '2,1', '3,0'),
      'a.py': TEN_LINES,
    });
    expect(found).toMatchObject({ coverage: { lines: 3, covered: 2 } });
  });

  it('takes of other formats only the files that the most complete one lacks', () => {
    const found = find({
      'coverage.xml': cobertura('a.py'),
      'coverage/lcov.info': record('a.js', '1,1', '2,1', '3,0'),
      'coverage/coverage-final.json': istanbul('a.js'),
      'a.py': TEN_LINES,
      'a.js': TEN_LINES,
    });
    expect(found).toMatchObject({
      coverage: {
        format: 'lcov',
        lines: 5,
        covered: 3,
        sources: ['coverage/lcov.info', 'coverage.xml'],
      },
      notes: [
        'coverage.xml: added to the coverage',
        'coverage/coverage-final.json: left out, as other reports tell more, or nothing in the tree fits',
      ],
    });
  });

  it('leaves out lines that the file no longer has, and says so', () => {
    expect(
      find({ 'lcov.info': record('a.py', '1,1', '10,0', '11,1'), 'a.py': TEN_LINES }),
    ).toMatchObject({
      coverage: {
        lines: 2,
        covered: 1,
      },
      notes: ['lcov.info: older than the source: lines beyond the end of a file were left out'],
    });
  });

  it('never rounds to all or to nothing', () => {
    const lines = (count: number, hits: number) =>
      Array.from({ length: count }, (_, index) => `${index + 1},${hits}`);
    const source = 'x\n'.repeat(30_000);
    const nearlyAll = record('a.py', ...lines(29_999, 1), '30000,0');
    const nearlyNone = record('a.py', ...lines(29_999, 0), '30000,1');
    expect(find({ 'lcov.info': nearlyAll, 'a.py': source }).coverage?.percent).toBe(99.99);
    expect(find({ 'lcov.info': nearlyNone, 'a.py': source }).coverage?.percent).toBe(0.01);
  });

  it('takes a file with the name of a prototype for a file', () => {
    const tree = new Map([
      ['lcov.info', Buffer.from(record('__proto__', '1,1'))],
      ['__proto__', Buffer.from('x')],
    ]);
    expect(findCoverage(tree, ['__proto__'])).toMatchObject({
      coverage: { sources: ['lcov.info'], lines: 1, covered: 1 },
    });
  });

  it('reads a hundred thousand records within seconds', () => {
    const text = Array.from({ length: 100_000 }, (_, index) =>
      record(`/ci/p/src/f${index}.js`, '1,1', '2,0'),
    ).join('');
    const start = process.cpuUsage();
    const found = find({ 'lcov.info': text, 'src/f7.js': TEN_LINES, 'src/f8.js': TEN_LINES });
    expect(found).toMatchObject({ coverage: { lines: 4, covered: 2, unmatched: 99_998 } });
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(5_000);
  });

  it('reads reports up to a limit on all of them together, those nearest to the root first', () => {
    const half = `${cobertura('a.py')}${' '.repeat(9 * 1024 * 1024)}`;
    const tree = { 'coverage.xml': half, 'old/coverage.xml': half, 'a.py': TEN_LINES };
    expect(find(tree)).toMatchObject({
      coverage: {
        sources: ['coverage.xml'],
      },
      notes: ['old/coverage.xml: no coverage report that can be read'],
    });
  });

  it('passes over reports beyond all measure', () => {
    const huge = `${cobertura('a.py')}${' '.repeat(17 * 1024 * 1024)}`;
    expect(find({ 'coverage.xml': huge, 'a.py': TEN_LINES })).toEqual({
      coverage: null,
      notes: [`coverage.xml: ${UNREADABLE}`],
    });
  });
});

function find(files: Record<string, string>) {
  return findCoverage(toTree(files), Object.keys(files));
}

function toTree(files: Record<string, string>): Map<string, Buffer> {
  return new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
}

function record(path: string, ...lines: string[]): string {
  return `SF:${path}\n${lines.map((line) => `DA:${line}\n`).join('')}end_of_record\n`;
}

function cobertura(path: string): string {
  return `<coverage><sources><source>/ci</source></sources><packages><package name="."><classes><class name="x" filename="${path}"><lines><line number="1" hits="2"/><line number="2" hits="0"/></lines></class></classes></package></packages></coverage>`;
}

function istanbul(path: string): string {
  const statementMap = { '0': { start: { line: 1 } }, '1': { start: { line: 2 } } };
  return JSON.stringify({ [path]: { path, statementMap, s: { '0': 1, '1': 0 } } });
}

import { readCoveragePy } from './read-coverage-py.js';

/** Written by coverage.py 7.16; functions, classes and totals left out. */
const REPORT =
  '{"meta": {"format": 3, "version": "7.16.2", "timestamp": "2026-11-23T17:17:40.482065", "branch_coverage": true, "show_contexts": false}, "files": {"app/__init__.py": {"executed_lines": [], "summary": {"covered_lines": 0, "num_statements": 0, "percent_covered": 100.0}, "missing_lines": [], "excluded_lines": []}, "app/shop.py": {"executed_lines": [1, 2, 3, 4, 5, 7, 10], "summary": {"covered_lines": 7, "num_statements": 9, "percent_covered": 76.92307692307692}, "missing_lines": [6, 11], "excluded_lines": [], "executed_branches": [[3, 4], [3, 5], [5, 7]], "missing_branches": [[5, 6]]}}}';

describe(readCoveragePy.name, () => {
  it('reads what coverage.py writes', () => {
    const report = readCoveragePy(REPORT);
    const hits = report?.files.get('app/shop.py');
    expect(report).toMatchObject({ format: 'coverage.py', roots: [] });
    expect([...(report?.files.keys() ?? [])]).toEqual(['app/__init__.py', 'app/shop.py']);
    expect([...(hits ?? [])].filter(([, isCovered]) => !isCovered)).toEqual([
      [6, false],
      [11, false],
    ]);
    expect(hits?.size).toBe(9);
  });

  it('leaves out what is no line', () => {
    const lines = '[-1, 0, 1.5, "2", null, [3], {}, 1e300, 4]';
    const text = `{"meta": {}, "files": {"a.py": {"executed_lines": ${lines}, "missing_lines": "all"}}}`;
    expect(readCoveragePy(text)?.files.get('a.py')).toEqual(new Map([[4, true]]));
  });

  it('counts a line once that is said to be both', () => {
    const text = '{"meta": {}, "files": {"a.py": {"executed_lines": [1], "missing_lines": [1]}}}';
    expect(readCoveragePy(text)?.files.get('a.py')).toEqual(new Map([[1, true]]));
  });

  it('takes names of prototypes for names of files', () => {
    const text = '{"meta": {}, "files": {"__proto__": {"executed_lines": [1]}}}';
    expect(readCoveragePy(text)?.files).toEqual(new Map([['__proto__', new Map([[1, true]])]]));
  });

  it.each(['', '[]', 'null', '{"files": {}}', '{"meta": {}, "files": []}', '{"meta": {}'])(
    'knows that %j is something else',
    (text) => {
      expect(readCoveragePy(text)).toBeNull();
    },
  );
});

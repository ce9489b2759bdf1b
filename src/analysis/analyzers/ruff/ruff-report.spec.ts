import { readRuffDiagnostics } from './ruff-report.js';

const read = (file: string, answer: unknown, text = '') => readRuffDiagnostics(file, answer, text);

/** As Ruff's WebAssembly answers. */
function diagnostic(more: object) {
  return {
    code: 'F401',
    message: '`os` imported but unused',
    tags: ['unnecessary'],
    annotations: [],
    subDiagnostics: [],
    start_location: { row: 1, column: 8 },
    end_location: { row: 2, column: 1 },
    fix: { message: 'Remove unused import: `os`', edits: [] },
    ...more,
  };
}

describe(readRuffDiagnostics, () => {
  it('reads a smell', () => {
    expect(read('app/main.py', [diagnostic({})])).toEqual([
      {
        rule_id: 'F401',
        engine: 'ruff',
        category: 'quality',
        impact: 'maintainability',
        issue: 'Unused import',
        message: '`os` imported but unused',
        severity: 'low',
        confidence: 'high',
        file: 'app/main.py',
        line: 1,
        column: 8,
        end_line: 2,
        recommendation: 'Remove unused import: `os`',
        cwe: null,
        owasp: null,
        trace: [],
        effort_minutes: 1,
      },
    ]);
  });

  it('reads a defect', () => {
    const found = diagnostic({ code: 'F821', message: 'Undefined name `x`', fix: null });
    expect(read('a.py', [found])).toMatchObject([
      {
        impact: 'reliability',
        severity: 'high',
        message: 'Undefined name `x`',
        recommendation: 'Define or import the names that are used without being defined',
      },
    ]);
  });

  it.each([
    ['S501', 'TLS verification off', 'CWE-295', 'A07:2021', 'high'],
    ['S324', 'Weak hash', 'CWE-327', 'A02:2021', 'low'],
    ['S317', 'XML entities expanded', 'CWE-611', 'A05:2021', 'medium'],
    ['S608', 'SQL Injection', 'CWE-89', 'A03:2021', 'low'],
  ])('reads %s as %s', (code, issue, cwe, owasp, confidence) => {
    const found = diagnostic({ code, fix: null, message: 'Ruff says so' });
    expect(read('a.py', [found])).toMatchObject([
      {
        category: 'security',
        impact: 'security',
        rule_id: code,
        issue,
        cwe,
        owasp: expect.stringMatching(`^${owasp} `),
        confidence,
        message: 'Ruff says so',
      },
    ]);
  });

  it('says of an unknown security rule what Ruff says', () => {
    const found = diagnostic({ code: 'S999', message: 'Beware', fix: null });
    expect(read('a.py', [found])).toMatchObject([
      { category: 'security', issue: 'S999', recommendation: 'Beware', cwe: null, owasp: null },
    ]);
  });

  it('takes a shell with a literal command for harmless', () => {
    const message = '`subprocess` call with `shell=True` seems safe, but may be changed';
    expect(read('a.py', [diagnostic({ code: 'S602', message })])).toMatchObject([
      { severity: 'low', confidence: 'low' },
    ]);
  });

  it.each(['invalid-syntax', null])('reads code %s as a syntax error', (code) => {
    expect(read('a.py', [diagnostic({ code, fix: null })])).toMatchObject([
      {
        rule_id: 'invalid-syntax',
        issue: 'Invalid syntax',
        severity: 'high',
        impact: 'reliability',
      },
    ]);
  });

  it('leaves alone what a package imports for others', () => {
    expect(read('app/__init__.py', [diagnostic({})])).toEqual([]);
  });

  it('reports of stubs only that they are not valid', () => {
    const found = [diagnostic({}), diagnostic({ code: 'invalid-syntax' })];
    expect(read('app/main.pyi', found)).toMatchObject([{ rule_id: 'invalid-syntax' }]);
  });

  it('shortens what hostile code blows up', () => {
    const found = diagnostic({ message: '😀'.repeat(5000), fix: null });
    const [finding] = read('a.py', [found]);
    expect(finding?.message).toHaveLength(299);
    expect(finding?.message).toMatch(/^😀+…$/u);
  });

  it.each([null, 'ruff failed', {}, [{}]])('refuses %j', (answer) => {
    expect(() => read('a.py', answer)).toThrow();
  });

  it.each([
    ['    repo=Depends(get_repository(Articles)),', 18, 0],
    ['    q: str = fastapi.Query(default=now()),', 36, 0],
    ['    a=Depends(one), b=two(),', 23, 1],
    ['    a=make(two()),', 12, 1],
  ])('takes what a dependency is made of for meant: %s', (line, column, left) => {
    const found = diagnostic({ code: 'B008', start_location: { row: 2, column } });

    expect(read('a.py', [found], `def f(\n${line}\n): ...\n`)).toHaveLength(left);
  });

  it.each([
    ['    q.where(Task.complete == False)', 13, 0],
    ['    q.where(task.c.complete == False)', 13, 0],
    ['    if task.complete == False:', 8, 1],
  ])('takes a comparison of a column for meant: %s', (line, column, left) => {
    const found = diagnostic({ code: 'E712', start_location: { row: 1, column } });

    expect(read('a.py', [found], line)).toHaveLength(left);
  });
});

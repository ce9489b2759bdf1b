import { CATEGORIES } from '../finding.js';
import { readMypyLine } from './mypy-report.js';
import { readRuffLine } from './ruff-report.js';

/** As Ruff 0.16 prints it. */
function ruffLine(more: object): string {
  return JSON.stringify({
    cell: null,
    code: 'F401',
    name: 'unused-import',
    filename: '/workspace/workspace/main.py',
    location: { row: 1, column: 8 },
    end_location: { row: 1, column: 10 },
    message: '`os` imported but unused',
    fix: { applicability: 'safe', edits: [], message: 'Remove unused import: `os`' },
    noqa_row: 1,
    severity: 'error',
    url: 'https://docs.astral.sh/ruff/rules/unused-import',
    ...more,
  });
}

describe(readRuffLine, () => {
  it('reads a quality finding', () => {
    expect(readRuffLine(ruffLine({}), CATEGORIES)).toEqual({
      rule_id: 'F401',
      engine: 'ruff',
      category: 'quality',
      issue: 'Unused import',
      message: '`os` imported but unused',
      severity: 'low',
      confidence: 'high',
      file: 'workspace/main.py',
      line: 1,
      column: 8,
      end_line: 1,
      recommendation: 'Remove unused import: `os`',
      cwe: null,
      in_tests: false,
      effort_minutes: 1,
    });
  });

  it.each([
    ['S608', 'SQL Injection', 'CWE-89', 'high'],
    ['S602', 'Command injection by a shell', 'CWE-78', 'high'],
    ['S324', 'Weak hash', 'CWE-328', 'medium'],
    ['S317', 'XML entities expanded', 'CWE-611', 'medium'],
  ])('reads %s as %s', (code, issue, cwe, severity) => {
    const line = ruffLine({ code, fix: null, message: 'Ruff says so' });
    expect(readRuffLine(line, CATEGORIES)).toMatchObject({
      category: 'security',
      rule_id: code,
      issue,
      cwe,
      severity,
      message: 'Ruff says so',
    });
  });

  it('says of an unknown security rule what Ruff says', () => {
    const line = ruffLine({ code: 'S999', name: 'some-new-flaw', message: 'Beware' });
    expect(readRuffLine(line, CATEGORIES)).toMatchObject({
      category: 'security',
      issue: 'Some new flaw',
      recommendation: 'Beware',
      cwe: null,
    });
  });

  it('takes a shell with a literal command for harmless', () => {
    const message = '`subprocess` call with `shell=True` seems safe, but may be changed';
    expect(readRuffLine(ruffLine({ code: 'S602', message }), CATEGORIES)).toMatchObject({
      severity: 'low',
      confidence: 'low',
    });
  });

  it.each(['invalid-syntax', null])('reads code %s as a syntax error', (code) => {
    const line = ruffLine({ code, name: 'invalid-syntax', fix: null });
    expect(readRuffLine(line, CATEGORIES)).toMatchObject({
      rule_id: 'invalid-syntax',
      issue: 'Invalid syntax',
      severity: 'high',
    });
  });

  it.each(['tests/helpers.py', 'app/test_main.py', 'conftest.py'])(
    'leaves out asserts and credentials in %s',
    (file) => {
      const at = (code: string) =>
        readRuffLine(ruffLine({ code, filename: `/workspace/${file}` }), CATEGORIES);
      expect(['S101', 'S106'].map(at)).toEqual([null, null]);
      expect(at('S608')).toMatchObject({ in_tests: true });
    },
  );

  it('gives nothing that was not asked for', () => {
    expect(readRuffLine(ruffLine({}), ['security'])).toBeNull();
    expect(readRuffLine(ruffLine({ code: 'S608' }), ['quality'])).toBeNull();
  });

  it('shortens what hostile code blows up', () => {
    const found = readRuffLine(ruffLine({ message: '😀'.repeat(5000), fix: null }), CATEGORIES);
    expect(found?.message).toHaveLength(299);
    expect(found?.message).toMatch(/^😀+…$/u);
  });

  it.each(['', 'ruff failed', '{}', '[]'])('refuses %j', (line) => {
    expect(() => readRuffLine(line, CATEGORIES)).toThrow();
  });
});

describe(readMypyLine, () => {
  const line = (more: object) =>
    JSON.stringify({
      file: 'app/main.py',
      line: 20,
      column: 11,
      end_line: 21,
      end_column: 17,
      message: 'Incompatible return value type (got "str", expected "int")',
      hint: null,
      code: 'return-value',
      severity: 'error',
      ...more,
    });

  it('reads an error, with columns from 1', () => {
    expect(readMypyLine(line({}))).toEqual({
      rule_id: 'return-value',
      engine: 'mypy',
      category: 'types',
      issue: 'Type error',
      message: 'Incompatible return value type (got "str", expected "int")',
      severity: 'medium',
      confidence: 'high',
      file: 'app/main.py',
      line: 20,
      column: 12,
      end_line: 21,
      recommendation: 'Return the type that the function declares',
      cwe: null,
      in_tests: false,
      effort_minutes: 10,
    });
  });

  it('leaves out notes', () => {
    expect(readMypyLine(line({ severity: 'note' }))).toBeNull();
  });

  it('places an error without a place at the beginning', () => {
    const whole = { line: -1, column: -1, end_line: -1, code: null };
    expect(readMypyLine(line(whole))).toMatchObject({
      rule_id: 'misc',
      line: 1,
      column: 1,
      end_line: 1,
    });
  });
});

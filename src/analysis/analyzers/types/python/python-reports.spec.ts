import { readMypyLine } from './mypy-report.js';
import { readPyrightReport } from './pyright-report.js';
import { stubsFor } from './pyright-stubs.js';

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
      impact: 'reliability',
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
      owasp: null,
      trace: [],
      effort_minutes: 10,
    });
  });

  it.each([
    { severity: 'note' },
    { code: 'misc', message: 'Implicit return in function which does not return' },
  ])('leaves out %j', (more) => {
    expect(readMypyLine(line(more))).toBeNull();
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

describe(readPyrightReport, () => {
  const error = (more: object) => ({
    file: '/workspace/code/app/main.py',
    severity: 'error',
    message: 'Type "str" is not assignable to return type "int"\n  "str" is not "int"',
    rule: 'reportReturnType',
    range: { start: { line: 19, character: 11 }, end: { line: 20, character: 3 } },
    ...more,
  });
  const read = (...diagnostics: object[]) =>
    readPyrightReport(JSON.stringify({ version: '1', generalDiagnostics: diagnostics }));

  it('reads an error, with lines and columns from 1', () => {
    expect(read(error({})).findings).toEqual([
      {
        rule_id: 'reportReturnType',
        engine: 'pyright',
        category: 'types',
        impact: 'reliability',
        issue: 'Type error',
        message: 'Type "str" is not assignable to return type "int"',
        severity: 'medium',
        confidence: 'high',
        file: 'app/main.py',
        line: 20,
        column: 12,
        end_line: 21,
        recommendation: 'Return the type that the function declares',
        cwe: null,
        owasp: null,
        trace: [],
        effort_minutes: 10,
      },
    ]);
  });

  it.each([
    { severity: 'warning' },
    { rule: 'reportMissingImports' },
    { message: 'Function with declared return type "NoReturn" cannot return "None"' },
  ])('leaves out %j', (more) => {
    expect(read(error(more))).toEqual({ findings: [], broken: [] });
  });

  it('believes nothing of a file that could not be parsed', () => {
    expect(read(error({ rule: undefined }), error({}))).toEqual({
      findings: [],
      broken: ['app/main.py'],
    });
  });

  it.each(['', '{}', 'No configuration file found.'])('refuses %j', (text) => {
    expect(() => readPyrightReport(text)).toThrow();
  });
});

describe(stubsFor, () => {
  const stubs = (files: Record<string, string>) => {
    const contents = Object.entries(files).map(
      ([path, text]) => [path, Buffer.from(text)] as const,
    );
    return [...stubsFor(new Map(contents)).keys()].sort();
  };

  it('stands in for packages that are not here, and all folders above them', () => {
    const text =
      'import numpy as np, pandas\nfrom sklearn.svm.base import (\n  A)\n    import late\n';
    expect(stubs({ 'main.py': text })).toEqual([
      'late/__init__.pyi',
      'numpy/__init__.pyi',
      'pandas/__init__.pyi',
      'sklearn/__init__.pyi',
      'sklearn/svm/__init__.pyi',
      'sklearn/svm/base/__init__.pyi',
    ]);
  });

  it('leaves alone the standard library, bundled types, the tree itself and relative imports', () => {
    const text =
      'import os.path, asyncio\nimport yaml\nfrom app.models import A\nfrom . import b\n';
    expect(stubs({ 'src/app/main.py': text, 'src/app/models.py': '' })).toEqual([]);
  });

  it('is bounded', () => {
    const text = Array.from({ length: 5000 }, (_, n) => `import package${n}`).join('\n');
    expect(stubs({ 'main.py': text })).toHaveLength(2000);
  });
});

import type { SandboxResult } from '../../infra/sandbox/sandbox.js';
import { MalformedReport } from './check.js';
import { readEslint, readPrettier, readTsc } from './node-reports.js';

function ended(exitCode: number | null, stdout = ''): SandboxResult {
  return {
    exitCode,
    signal: null,
    stopped: null,
    stdout: Buffer.from(stdout),
    stderr: Buffer.alloc(0),
    report: Buffer.alloc(0),
    outputTruncated: false,
    reportTruncated: false,
    durationMs: 1,
  };
}

describe(readTsc.name, () => {
  const ERROR =
    "src/a.ts(3,7): error TS2322: Type 'number' is not assignable to type 'string'.\n  More of it.\n";

  it('passes without a line', () => {
    expect(readTsc(ended(0))).toEqual({ passed: true, report: { type_errors: 0, findings: [] } });
  });

  it.each([1, 2])('counts errors by their first lines (status %i)', (status) => {
    expect(readTsc(ended(status, ERROR))).toEqual({
      passed: false,
      report: {
        type_errors: 1,
        findings: [
          {
            file: 'src/a.ts',
            line: 3,
            column: 7,
            code: 'TS2322',
            message: "Type 'number' is not assignable to type 'string'.",
          },
        ],
      },
    });
  });

  it('names the configuration where the error has no place', () => {
    const { report } = readTsc(ended(1, "error TS18003: No inputs were found in 'tsconfig.json'."));
    expect(report['findings']).toEqual([
      expect.objectContaining({ file: 'tsconfig.json', line: 1, code: 'TS18003' }),
    ]);
  });

  it.each([
    ['says no error and fails', 2, ''],
    ['says an error and passes', 0, ERROR],
    ['was killed', null, ERROR],
    ['crashed', 1, 'TypeError: x is not a function'],
  ])('believes nothing of a run that %s', (_, exitCode, stdout) => {
    expect(() => readTsc(ended(exitCode, stdout))).toThrow(MalformedReport);
  });
});

describe(readEslint.name, () => {
  const clean = { filePath: '/workspace/src/a.ts', messages: [] };
  const unused = {
    filePath: '/workspace/src/b.ts',
    messages: [{ ruleId: 'no-unused-vars', severity: 2, message: 'unused', line: 4, column: 2 }],
  };

  it('passes where no file has a message', () => {
    expect(readEslint(ended(0, JSON.stringify([clean])))).toEqual({
      passed: true,
      report: { lint_errors: 0, findings: [] },
    });
  });

  it('counts messages, with paths of the project', () => {
    expect(readEslint(ended(1, JSON.stringify([clean, unused])))).toEqual({
      passed: false,
      report: {
        lint_errors: 1,
        findings: [
          { file: 'src/b.ts', line: 4, column: 2, code: 'no-unused-vars', message: 'unused' },
        ],
      },
    });
  });

  it.each([
    ['could not check', 2, ''],
    ['looked at no file', 0, '[]'],
    ['says a finding and passes', 0, JSON.stringify([unused])],
    ['says none and fails', 1, JSON.stringify([clean])],
    ['says something else', 0, 'fine'],
  ])('believes nothing of a run that %s', (_, exitCode, stdout) => {
    expect(() => readEslint(ended(exitCode, stdout))).toThrow(MalformedReport);
  });
});

describe(readPrettier.name, () => {
  it('passes without a line', () => {
    expect(readPrettier(ended(0)).passed).toBe(true);
  });

  it('lists the files that it would change', () => {
    expect(readPrettier(ended(1, 'src/a.ts\nREADME.md\n'))).toEqual({
      passed: false,
      report: { unformatted_files: 2, files: ['src/a.ts', 'README.md'] },
    });
  });

  it.each([
    ['could not check', 2, ''],
    ['says a file and passes', 0, 'src/a.ts\n'],
    ['says none and fails', 1, ''],
  ])('believes nothing of a run that %s', (_, exitCode, stdout) => {
    expect(() => readPrettier(ended(exitCode, stdout))).toThrow(MalformedReport);
  });
});

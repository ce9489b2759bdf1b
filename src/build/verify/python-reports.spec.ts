import type { SandboxResult } from '../../infra/sandbox/sandbox.js';
import { MalformedReport } from './check.js';
import { readMypy, readRuff, readRuffFormat } from './python-reports.js';
import { readSmoke, readTests } from './runner-reports.js';

function ended(exitCode: number | null, streams: { stdout?: string; report?: unknown } = {}) {
  const result: SandboxResult = {
    exitCode,
    signal: null,
    stopped: null,
    stdout: Buffer.from(streams.stdout ?? ''),
    stderr: Buffer.alloc(0),
    report: Buffer.from(streams.report === undefined ? '' : JSON.stringify(streams.report)),
    outputTruncated: false,
    reportTruncated: false,
    durationMs: 1,
  };
  return result;
}

const TYPE_ERROR =
  '{"file": "app/a.py", "line": 3, "column": 4, "message": "Incompatible", "hint": null, "code": "assignment", "severity": "error"}';
const NOTE =
  '{"file": "app/a.py", "line": 3, "column": 4, "message": "See", "hint": null, "code": null, "severity": "note"}';

describe(readMypy.name, () => {
  it('passes without a line', () => {
    expect(readMypy(ended(0))).toEqual({
      passed: true,
      report: { type_errors: 0, findings: [] },
    });
  });

  it('counts errors, and not their notes', () => {
    const report = readMypy(ended(1, { stdout: `${TYPE_ERROR}\n${NOTE}\n` }));
    expect(report).toMatchObject({ passed: false, report: { type_errors: 1 } });
  });

  it.each([
    ['says no error and fails', 1, ''],
    ['crashed', 2, ''],
    ['says an error and passes', 0, TYPE_ERROR],
    ['was killed', null, ''],
    ['says something else', 1, 'Traceback (most recent call last):'],
  ])('believes nothing of a run that %s', (_, exitCode, stdout) => {
    expect(() => readMypy(ended(exitCode, { stdout }))).toThrow(MalformedReport);
  });
});

describe(readRuff.name, () => {
  const finding = {
    filename: '/workspace/app/a.py',
    code: 'F401',
    message: 'unused',
    location: { row: 1, column: 8 },
  };

  it('counts findings, with paths of the project', () => {
    expect(readRuff(ended(1, { stdout: JSON.stringify([finding]) }))).toEqual({
      passed: false,
      report: {
        lint_errors: 1,
        findings: [{ file: 'app/a.py', line: 1, column: 8, code: 'F401', message: 'unused' }],
      },
    });
  });

  it('believes no empty list of a failed run', () => {
    expect(() => readRuff(ended(2, { stdout: '[]' }))).toThrow(MalformedReport);
  });
});

describe(readRuffFormat.name, () => {
  it('names the files it would change', () => {
    const place = { code: 'unformatted', message: '', location: { row: 1, column: 1 } };
    const filename = '/workspace/app/a.py';
    const stdout = JSON.stringify([
      { ...place, filename },
      { ...place, filename },
    ]);
    expect(readRuffFormat(ended(1, { stdout }))).toEqual({
      passed: false,
      report: { unformatted_files: 1, files: ['app/a.py'] },
    });
  });
});

describe(readTests.name, () => {
  const green = {
    exit_status: 0,
    collected: 3,
    passed: 3,
    failed: 0,
    skipped: 0,
    failures: [],
    seconds: 0.5,
    coverage: {
      lines: 40,
      covered: 37,
      files: { 'app/a.py': { lines: 40, covered: 37, missing: [7, 8, 9] } },
    },
  };

  it('takes counts and coverage from the report', () => {
    expect(readTests(ended(0, { report: green }))).toMatchObject({
      passed: true,
      report: {
        tests_passed: 3,
        tests_failed: 0,
        test_coverage: 92.5,
        uncovered: [{ file: 'app/a.py', lines: [7, 8, 9] }],
      },
    });
  });

  it('reports a failing test as failed', () => {
    const failures = [{ test: 'tests/test_a.py::test_a', message: 'assert 1 == 2' }];
    const red = { ...green, exit_status: 1, passed: 2, failed: 1, failures };
    expect(readTests(ended(1, { report: red }))).toMatchObject({
      passed: false,
      report: { tests_passed: 2, tests_failed: 1, failures },
    });
  });

  it('does not pass when collected tests are missing from the end', () => {
    expect(readTests(ended(0, { report: { ...green, collected: 5 } })).passed).toBe(false);
  });

  it('gives no coverage where there is no line to cover', () => {
    const empty = { ...green, coverage: { lines: 0, covered: 0, files: {} } };
    expect(readTests(ended(0, { report: empty })).report['test_coverage']).toBeNull();
  });

  it.each([
    ['no report', 0, undefined],
    ['another exit status than reported', 1, green],
    ['a pass without a test', 0, { ...green, collected: 0, passed: 0 }],
    ['a pass with failures', 0, { ...green, failed: 1 }],
    ['a report of another shape', 0, { passed: 'all' }],
  ])('believes nothing of a run with %s', (_, exitCode, report) => {
    expect(() => readTests(ended(exitCode, { report }))).toThrow(MalformedReport);
  });
});

describe(readSmoke.name, () => {
  const report = { passed: true, ready_ms: 700, answers: { '/health/live': 200 }, exit_status: 0 };

  it('tells what the service answered', () => {
    expect(readSmoke(ended(0, { report }))).toEqual({
      passed: true,
      report: { ready_ms: 700, answers: { '/health/live': 200 }, exit_status: 0 },
    });
  });

  it('believes no pass of a failed run', () => {
    expect(() => readSmoke(ended(1, { report }))).toThrow(MalformedReport);
  });
});

import { z } from 'zod';
import type { SandboxResult } from '../../infra/sandbox/sandbox.js';
import { MalformedReport, type CheckReport } from './check.js';

/** How many findings of a kind go into the results; their number is always the whole one. */
const MAX_FINDINGS = 50;

const mypyLine = z.object({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  message: z.string(),
  code: z.string().nullable(),
  severity: z.string(),
});

/** `mypy --output json`: one object a line. Exit status 0: none, 1: errors, 2: it could not check. */
export function readMypy(result: SandboxResult): CheckReport {
  const findings = linesOf(result.stdout).map((line) => parse(mypyLine, line, 'mypy'));
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (result.exitCode !== (errors.length > 0 ? 1 : 0)) {
    throw new MalformedReport(`mypy ended with ${String(result.exitCode)}: ${tail(result.stderr)}`);
  }
  return {
    passed: errors.length === 0,
    report: { type_errors: errors.length, findings: errors.slice(0, MAX_FINDINGS) },
  };
}

const ruffReport = z.array(
  z.object({
    filename: z.string(),
    code: z.string().nullable(),
    message: z.string(),
    location: z.object({ row: z.number(), column: z.number() }),
  }),
);

/** `ruff check --output-format json`: one array. Exit status 0: none, 1: findings, 2: it could not check. */
export function readRuff(result: SandboxResult): CheckReport {
  const findings = parse(ruffReport, result.stdout.toString('utf8'), 'ruff');
  if (result.exitCode !== (findings.length > 0 ? 1 : 0)) {
    throw new MalformedReport(`ruff ended with ${String(result.exitCode)}: ${tail(result.stderr)}`);
  }
  return {
    passed: findings.length === 0,
    report: {
      lint_errors: findings.length,
      findings: findings.slice(0, MAX_FINDINGS).map((finding) => ({
        file: inProject(finding.filename),
        line: finding.location.row,
        column: finding.location.column,
        code: finding.code,
        message: finding.message,
      })),
    },
  };
}

/** `ruff format --check --output-format json`: an entry a place it would change. Exit status as for `ruff check`. */
export function readRuffFormat(result: SandboxResult): CheckReport {
  const places = parse(ruffReport, result.stdout.toString('utf8'), 'ruff');
  const files = [...new Set(places.map((place) => inProject(place.filename)))];
  if (result.exitCode !== (files.length > 0 ? 1 : 0)) {
    throw new MalformedReport(`ruff ended with ${String(result.exitCode)}: ${tail(result.stderr)}`);
  }
  return {
    passed: files.length === 0,
    report: { unformatted_files: files.length, files: files.slice(0, MAX_FINDINGS) },
  };
}

const testReport = z.object({
  exit_status: z.number(),
  collected: z.number(),
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  failures: z.array(z.object({ test: z.string(), message: z.string() })),
  seconds: z.number(),
  coverage: z.object({
    lines: z.number(),
    covered: z.number(),
    files: z.record(
      z.string(),
      z.object({ lines: z.number(), covered: z.number(), missing: z.array(z.number()) }),
    ),
  }),
});

/**
 * The report of our own runner (`run_tests.py`). It counts only where it agrees with the exit status and with
 * itself: every collected test ended, and at least one passed.
 */
export function readTests(result: SandboxResult): CheckReport {
  const report = parse(testReport, result.report.toString('utf8'), 'the test runner');
  const ended = report.passed + report.failed + report.skipped;
  const looksGreen = report.failed === 0 && report.failures.length === 0 && report.passed > 0;
  if (report.exit_status !== result.exitCode || (report.exit_status === 0) !== looksGreen) {
    throw new MalformedReport(
      `pytest ended with ${String(result.exitCode)}, but its report counts ` +
        `${report.passed} passed and ${report.failed} failed`,
    );
  }
  const { lines, covered, files } = report.coverage;
  return {
    passed: looksGreen && ended === report.collected,
    report: {
      collected: report.collected,
      tests_passed: report.passed,
      tests_failed: report.failed,
      tests_skipped: report.skipped,
      failures: report.failures.slice(0, MAX_FINDINGS),
      test_coverage: lines > 0 ? Math.round((covered / lines) * 1000) / 10 : null,
      lines,
      covered_lines: covered,
      uncovered: Object.entries(files)
        .filter(([, file]) => file.missing.length > 0)
        .slice(0, MAX_FINDINGS)
        .map(([file, { missing }]) => ({ file, lines: missing.slice(0, MAX_FINDINGS) })),
    },
  };
}

const smokeReport = z.object({
  passed: z.boolean(),
  ready_ms: z.number().nullable(),
  answers: z.record(z.string(), z.number().nullable()),
  exit_status: z.number().nullable(),
});

/** The report of `smoke.py`. */
export function readSmoke(result: SandboxResult): CheckReport {
  const report = parse(smokeReport, result.report.toString('utf8'), 'the smoke test');
  if (report.passed !== (result.exitCode === 0)) {
    throw new MalformedReport(`The smoke test ended with ${String(result.exitCode)}`);
  }
  const { passed, ...rest } = report;
  return { passed, report: rest };
}

/** ruff names files by their absolute path. */
function inProject(path: string): string {
  return path.replace(/^\/workspace\//, '');
}

function parse<T>(schema: z.ZodType<T>, text: string, tool: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new MalformedReport(`No readable report from ${tool}`, { cause: error });
  }
}

function linesOf(output: Buffer): string[] {
  return output.toString('utf8').split('\n').filter(Boolean);
}

function tail(output: Buffer): string {
  return output.toString('utf8').trim().slice(-500);
}

import { z } from 'zod';
import type { SandboxResult } from '../../infra/sandbox/sandbox.js';
import { MalformedReport, type CheckReport } from './check.js';
import { MAX_FINDINGS, parseReport } from './report-text.js';

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
 * The report of our own runner, `run_tests.py` or `run-tests.mjs`. It counts only where it agrees with the exit status and with
 * itself: every collected test ended, and at least one passed.
 */
export function readTests(result: SandboxResult): CheckReport {
  const report = parseReport(testReport, result.report.toString('utf8'), 'the test runner');
  const ended = report.passed + report.failed + report.skipped;
  const looksGreen = report.failed === 0 && report.failures.length === 0 && report.passed > 0;
  if (report.exit_status !== result.exitCode || (report.exit_status === 0) !== looksGreen) {
    throw new MalformedReport(
      `The test runner ended with ${String(result.exitCode)}, but its report counts ` +
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

/** The report of `smoke.py` or `smoke.mjs`. */
export function readSmoke(result: SandboxResult): CheckReport {
  const report = parseReport(smokeReport, result.report.toString('utf8'), 'the smoke test');
  if (report.passed !== (result.exitCode === 0)) {
    throw new MalformedReport(`The smoke test ended with ${String(result.exitCode)}`);
  }
  const { passed, ...rest } = report;
  return { passed, report: rest };
}

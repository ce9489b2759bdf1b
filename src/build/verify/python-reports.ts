import { z } from 'zod';
import type { SandboxResult } from '../../infra/sandbox/sandbox.js';
import { MalformedReport, type CheckReport } from './check.js';
import { MAX_FINDINGS, parseReport, tail } from './report-text.js';

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
  const findings = linesOf(result.stdout).map((line) => parseReport(mypyLine, line, 'mypy'));
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
  const findings = parseReport(ruffReport, result.stdout.toString('utf8'), 'ruff');
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
  const places = parseReport(ruffReport, result.stdout.toString('utf8'), 'ruff');
  const files = [...new Set(places.map((place) => inProject(place.filename)))];
  if (result.exitCode !== (files.length > 0 ? 1 : 0)) {
    throw new MalformedReport(`ruff ended with ${String(result.exitCode)}: ${tail(result.stderr)}`);
  }
  return {
    passed: files.length === 0,
    report: { unformatted_files: files.length, files: files.slice(0, MAX_FINDINGS) },
  };
}

/** ruff names files by their absolute path. */
function inProject(path: string): string {
  return path.replace(/^\/workspace\//, '');
}

function linesOf(output: Buffer): string[] {
  return output.toString('utf8').split('\n').filter(Boolean);
}

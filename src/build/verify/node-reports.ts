import { z } from 'zod';
import type { SandboxResult } from '../../infra/sandbox/sandbox.js';
import { MalformedReport, type CheckReport } from './check.js';
import { MAX_FINDINGS, parseReport, tail } from './report-text.js';

/** `src/a.ts(3,7): error TS2322: …`, or without a place where the configuration itself is wrong. */
const TSC_ERROR = /^(?:(.+)\((\d+),(\d+)\): )?error (TS\d+): (.*)$/;

/** `tsc --pretty false`: a line an error, further lines indented. Exit status 0: none, 1 or 2: errors. */
export function readTsc(result: SandboxResult): CheckReport {
  const findings = linesOf(result.stdout)
    .map((line) => TSC_ERROR.exec(line))
    .filter((match) => match !== null)
    .map(([, file = 'tsconfig.json', line, column, code, message]) => ({
      file,
      line: Number(line ?? 1),
      column: Number(column ?? 1),
      code,
      message,
    }));
  const mayEndWith = findings.length > 0 ? [1, 2] : [0];
  if (result.exitCode === null || !mayEndWith.includes(result.exitCode)) {
    throw new MalformedReport(
      `tsc ended with ${String(result.exitCode)}: ${tail(result.stderr) || tail(result.stdout)}`,
    );
  }
  return {
    passed: findings.length === 0,
    report: { type_errors: findings.length, findings: findings.slice(0, MAX_FINDINGS) },
  };
}

const eslintReport = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(
      z.object({
        ruleId: z.string().nullable(),
        severity: z.number(),
        message: z.string(),
        line: z.number().optional(),
        column: z.number().optional(),
      }),
    ),
  }),
);

/** `eslint --format json --max-warnings 0`: an entry a file. Exit status 0: nothing, 1: findings, 2: it could not check. */
export function readEslint(result: SandboxResult): CheckReport {
  const files = readEslintFiles(result);
  const findings = files.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, message, line = 1, column = 1 }) => ({
      file: inProject(filePath),
      line,
      column,
      code: ruleId,
      message,
    })),
  );
  if (files.length === 0 || result.exitCode !== (findings.length > 0 ? 1 : 0)) {
    throw new MalformedReport(
      `eslint ended with ${String(result.exitCode)}: ${tail(result.stderr)}`,
    );
  }
  return {
    passed: findings.length === 0,
    report: { lint_errors: findings.length, findings: findings.slice(0, MAX_FINDINGS) },
  };
}

/** `prettier --list-different`: a line a file. Exit status 0: none, 1: some, 2: it could not check. */
export function readPrettier(result: SandboxResult): CheckReport {
  const files = linesOf(result.stdout);
  if (result.exitCode !== (files.length > 0 ? 1 : 0)) {
    throw new MalformedReport(
      `prettier ended with ${String(result.exitCode)}: ${tail(result.stderr)}`,
    );
  }
  return {
    passed: files.length === 0,
    report: { unformatted_files: files.length, files: files.slice(0, MAX_FINDINGS) },
  };
}

/** Without a report eslint says on standard error why it could not check. */
function readEslintFiles(result: SandboxResult): z.infer<typeof eslintReport> {
  if (result.exitCode === 2 && result.stdout.length === 0) {
    throw new MalformedReport(`eslint could not check: ${tail(result.stderr)}`);
  }
  return parseReport(eslintReport, result.stdout.toString('utf8'), 'eslint');
}

/** eslint names files by their absolute path. */
function inProject(path: string): string {
  return path.replace(/^\/workspace\//, '');
}

function linesOf(output: Buffer): string[] {
  return output.toString('utf8').split('\n').filter(Boolean);
}

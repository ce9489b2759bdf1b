import type { SandboxResult } from '../../infra/sandbox/sandbox.js';

export type CheckName = 'types' | 'lint' | 'format' | 'tests' | 'smoke';

/** One command that a project must pass, and how its report reads. */
export interface Check {
  name: CheckName;
  /** For a person watching. */
  title: string;
  /** As run in the sandbox. */
  argv: string[];
  env?: Record<string, string>;
  /** Reads the tool's machine-readable report. @throws MalformedReport where there is none. */
  read: (result: SandboxResult) => CheckReport;
}

/** What a tool reported; only its own numbers, under the names that results use. */
export interface CheckReport {
  passed: boolean;
  /** Bounded: the first findings or failures. */
  report: Record<string, unknown>;
}

export interface CheckOutcome extends CheckReport {
  name: CheckName;
  command: string;
  /** `null`: ended by a signal or a limit. */
  exitCode: number | null;
  durationMs: number;
  /** Why the sandbox ended it; `null`: it ended by itself. */
  stopped: SandboxResult['stopped'];
  /** Raw stdout and stderr. */
  output: string;
}

/** The tool ended without a readable report, whatever its exit status says. */
export class MalformedReport extends Error {
  override name = 'MalformedReport';
}

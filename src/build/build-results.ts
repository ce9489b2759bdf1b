/** `results` of a build, as stored and as sent. Every number comes from a tool's own report. */
export interface BuildResults {
  generated_files: string[];
  /** `null`: no tests were asked for, or they could not be counted. */
  tests_passed: number | null;
  tests_failed: number | null;
  /** Percent of the project's lines that its tests ran; its tests themselves don't count. */
  test_coverage: number | null;
  /** `null`: the check gave no number. */
  type_errors: number | null;
  lint_errors: number | null;
  checks: CheckResult[];
  /** What wrote the code. */
  engine: string;
  /** What was not understood, word for word, and what was decided without being asked. */
  notes: string[];
  /** What the goal was understood as. */
  specification: object;
  /** The snapshot that holds the code. */
  snapshot: string;
  /** Whether the checks ran isolated from this machine. */
  isolated: boolean;
}

export interface CheckResult {
  name: string;
  command: string;
  passed: boolean;
  /** `null`: ended by a signal or a limit. */
  exit_status: number | null;
  duration_ms: number;
  report: Record<string, unknown>;
}

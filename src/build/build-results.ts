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
  /** What the goal was understood as; `null`: it was not. */
  specification: object | null;
  /** What a model had to do beyond the blueprints. */
  tasks: string[];
  /** The snapshot that holds the code; `null`: there is none. */
  snapshot: string | null;
  /** Where the project's own changes and the engine's can't both be had: the files hold the project's. */
  conflicts: MergeConflict[];
  /** Whether the checks ran isolated from this machine. */
  isolated: boolean;
  /** Why a model's work ended before it was done, such as a budget; `null`: it was done. */
  stop_reason: string | null;
  /** How often a model repaired what checks had found. */
  repairs: number;
  /** What was used of a model; `null`: none was. */
  usage: BuildUsage | null;
}

export interface BuildUsage {
  /** Answers of the model. */
  calls: number;
  input_tokens: number;
  output_tokens: number;
  /** Of `input_tokens`: those in the provider's cache. */
  cached_tokens: number;
  /** By the prices of the settings; `null`: they aren't set. */
  cost_usd: number | null;
  /** The provider gave no numbers for some answers. */
  estimated: boolean;
}

export interface MergeConflict {
  path: string;
  /** As `ConflictKind` of the merge. */
  kind: string;
  /** With the standard markers where there are two texts to choose from; `null`: none that can be shown. */
  text: string | null;
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

import type { ReportedFinding, Severity } from '../../findings/finding.js';

/** Everything that the report of one analysis shows, in the words of the wire. */
export interface ReportInput {
  analysis_id: string;
  project_name: string;
  /** Name of the user. */
  requested_by: string;
  /** Of the task. */
  status: string;
  /** ISO 8601; `null`: it hasn't come to that. */
  started_at: string | null;
  finished_at: string | null;
  product_version: string;
  /** `null`: files of the request were analysed. */
  snapshot: string | null;
  analysis_types: readonly string[];
  score: ReportScore;
  /** `null`: the project has no quality gate. */
  gate: ReportGate | null;
  counters: ReportCounters;
  /** Against the project's analysis before; `null`: there is none. */
  baseline: { new: number; fixed: number; unchanged: number } | null;
  engines: readonly ReportEngine[];
  recommendations: readonly string[];
  /** What was not analysed, and why. */
  notes: readonly string[];
  /** In the order of `compareFindings`, with those that are silenced. */
  findings: readonly ReportedFinding[];
  /** How many there are in all, beyond those given. */
  findings_total: number;
  /** Where the rest can be read, such as `/api/analysis/{id}/issues`. */
  issues_url: string;
  /** What people wrote when they judged a finding, by fingerprint. */
  comments?: ReadonlyMap<string, string>;
  /** The text of an analysed file; `undefined`: no longer there. Asked once a file. */
  sourceOf: (file: string) => string | undefined;
  /** The project's analyses, the oldest first, this one last. */
  trend: readonly TrendPoint[];
}

export interface ReportScore {
  /** 0 to 10; `null`: nothing to score. */
  value: number | null;
  /** Version of the formula. */
  formula: string | null;
  /** A sentence on why the score is what it is; `null`: the numbers speak for themselves. */
  summary: string | null;
  /** The parts it is made of. */
  breakdown: readonly { label: string; value: string }[];
  /** How the formula works, in paragraphs. */
  explanation: readonly string[];
}

export interface ReportGate {
  /** `null`: not enough is known to say. */
  status: 'passed' | 'failed' | null;
  conditions: readonly {
    label: string;
    actual: string;
    threshold: string;
    /** `null`: unknown. */
    passed: boolean | null;
  }[];
}

/** Open findings in code that is shipped; `null`: not asked for, or not found out. */
export interface ReportCounters {
  security: Readonly<Record<Severity, number>> | null;
  /** Open maintainability findings. */
  code_smells: number | null;
  /** Open reliability findings. */
  defects: number | null;
  type_errors: number | null;
  coverage: { percent: number; lines: number | null; source: string | null } | null;
  duplication_percent: number | null;
  /** Not blank. */
  lines: number | null;
}

export interface ReportEngine {
  name: string;
  version: string | null;
  status: 'completed' | 'failed' | 'skipped';
  duration_ms: number;
  files: number;
  reason: string | null;
  skipped: readonly { file: string; reason: string }[];
}

export interface TrendPoint {
  analysis_id: string;
  /** ISO 8601. */
  at: string;
  score: number | null;
  open_issues: number | null;
}

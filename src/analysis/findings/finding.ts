/** What an analysis can be asked for. */
export const CATEGORIES = ['quality', 'security', 'types'] as const;
export type Category = (typeof CATEGORIES)[number];

/** From the least to the worst. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CONFIDENCES = ['low', 'medium', 'high'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** What a finding harms: `code_smells` counts maintainability; the score weighs each apart. */
export const IMPACTS = ['maintainability', 'reliability', 'security'] as const;
export type Impact = (typeof IMPACTS)[number];

/** One step of a value on its way from where it enters to where it does harm. */
export interface TraceStep {
  file: string;
  line: number;
  column: number;
  /** The code of this step, on one line. */
  text: string;
}

/** One thing that an engine found. */
export interface Finding {
  rule_id: string;
  engine: string;
  category: Category;
  impact: Impact;
  /** What it is, in a few words: the same for all findings of a rule. */
  issue: string;
  /** The engine's own words on this place. */
  message: string;
  severity: Severity;
  confidence: Confidence;
  file: string;
  /** Lines and columns count from 1. */
  line: number;
  column: number;
  end_line: number;
  recommendation: string;
  /** `CWE-89`; only security findings have one, and not all of them. */
  cwe: string | null;
  /** `A03:2021 Injection`, of the OWASP Top 10. */
  owasp: string | null;
  /** From source to sink, or the other places of a duplicate; empty where one place is all there is. */
  trace: TraceStep[];
  /** What mending it is estimated to take, by rule. */
  effort_minutes: number;
}

/** What people decided about a finding; it is remembered for the project. */
export const FINDING_STATUSES = ['open', 'false_positive', 'accepted'] as const;
export type FindingStatus = (typeof FINDING_STATUSES)[number];

/** A comment in the source that asks for silence. */
export interface Suppression {
  /** The comment's own word, such as `noqa`. */
  marker: string;
  line: number;
  /** What the comment gives as its reason; `null`: none. */
  reason: string | null;
}

/** A finding with what is known of it beyond its engine, as stored and as sent. */
export interface ReportedFinding extends Finding {
  /** Of the same flaw in every analysis, also after its lines moved: 32 hexadecimal digits. */
  fingerprint: string;
  /** In code that tests, not in what is shipped. */
  in_tests: boolean;
  status: FindingStatus;
  /** `null`: the source asks for no silence. */
  suppression: Suppression | null;
  /** Against the project's analysis before; `null`: there is none to compare with. */
  baseline: 'new' | 'unchanged' | null;
}

/** The worst first, then by place: the same findings always come in the same order. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    compareText(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.rule_id, b.rule_id) ||
    compareText(a.message, b.message)
  );
}

/** By code unit, whatever the server's locale is. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

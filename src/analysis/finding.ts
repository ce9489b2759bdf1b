/** What an analysis can be asked for. */
export const CATEGORIES = ['quality', 'security', 'types'] as const;
export type Category = (typeof CATEGORIES)[number];

/** From the least to the worst. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CONFIDENCES = ['low', 'medium', 'high'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** One thing that an engine found, as stored and as sent. */
export interface Finding {
  rule_id: string;
  engine: string;
  category: Category;
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
  /** In code that tests, not in what is shipped. */
  in_tests: boolean;
  /** What mending it is estimated to take, by rule. */
  effort_minutes: number;
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

/** Whether a security finding is shown and counted by default: sure enough, and in code that is shipped. */
export function isOpenSecurityIssue(finding: Finding): boolean {
  return finding.category === 'security' && finding.confidence !== 'low' && !finding.in_tests;
}

/** By code unit, whatever the server's locale is. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

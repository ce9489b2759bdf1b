import {
  CONFIDENCES,
  compareFindings,
  isOpenSecurityIssue,
  type Category,
  type Finding,
} from './finding.js';
import { recommend } from './recommendations.js';
import { scoreOf, type ScoreBreakdown } from './score.js';

/** Beyond these, the totals alone tell. */
const MAX_ISSUES = 1_000;

/** How one engine fared. */
export interface EngineSummary {
  name: string;
  /** `null`: it never started. */
  version: string | null;
  status: 'completed' | 'failed' | 'skipped';
  duration_ms: number;
  /** How many it looked at. */
  files: number;
  /** Why it gave nothing, or not everything; `null`: all is well. */
  reason: string | null;
}

export type SecurityIssue = Pick<
  Finding,
  | 'issue'
  | 'severity'
  | 'line'
  | 'recommendation'
  | 'file'
  | 'column'
  | 'end_line'
  | 'rule_id'
  | 'engine'
  | 'confidence'
  | 'cwe'
>;

/** `results` of an analysis, as stored and as sent. What wasn't asked for, or could not be found out, is `null`. */
export interface AnalysisResults {
  analysis_types: Category[];
  /** 0 to 10. */
  quality_score: number | null;
  score_breakdown: ScoreBreakdown | null;
  /** Of at least medium confidence, outside tests; the worst first. */
  security_issues: SecurityIssue[];
  security_issues_total: number | null;
  code_smells: number | null;
  type_errors: number | null;
  /** As the build that made this source measured it. */
  coverage_percent: number | null;
  recommendations: string[];
  /** Every finding of every category, the worst first; the first of them. */
  issues: Finding[];
  issues_total: number | null;
  engines: EngineSummary[];
  /** What was not analysed, and why. */
  notes: string[];
  /** `null`: files of the request were analysed. */
  snapshot: string | null;
}

/** What the engines gave, before anything is concluded from it. */
export interface Gathered {
  asked: Category[];
  /** Those that an engine completed; of the others nothing is known. */
  answered: ReadonlySet<Category>;
  findings: Finding[];
  engines: EngineSummary[];
  notes: string[];
  /** Not blank, in the files analysed for quality. */
  lines: number;
  coveragePercent: number | null;
  snapshotId: string | null;
}

/** Draws the conclusions. The same findings, in whatever order, give the same results. */
export function concludeFrom(gathered: Gathered): AnalysisResults {
  const findings = withoutRepeats(gathered.findings).toSorted(compareFindings);
  const { answered } = gathered;
  const open = findings.filter(isOpenSecurityIssue);
  const scored = answered.has('quality') ? scoreOf(findings, gathered.lines) : null;
  const count = (category: Category) =>
    answered.has(category)
      ? findings.filter((finding) => finding.category === category).length
      : null;
  return {
    analysis_types: gathered.asked,
    quality_score: scored?.score ?? null,
    score_breakdown: scored?.breakdown ?? null,
    security_issues: open.slice(0, MAX_ISSUES).map(toSecurityIssue),
    security_issues_total: answered.has('security') ? open.length : null,
    code_smells: count('quality'),
    type_errors: count('types'),
    coverage_percent: gathered.coveragePercent,
    recommendations: recommend(findings),
    issues: findings.slice(0, MAX_ISSUES),
    issues_total: answered.size > 0 ? findings.length : null,
    engines: gathered.engines,
    notes: gathered.notes,
    snapshot: gathered.snapshotId,
  };
}

/** Two engines may find one flaw: of the same weakness on the same line, the surer engine's findings stay. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const surest = new Map<string, Finding>();
  for (const finding of findings) {
    const flaw = flawOf(finding);
    const other = surest.get(flaw);
    if (!other || isSurer(finding, other)) {
      surest.set(flaw, finding);
    }
  }
  return findings.filter(
    (finding) => finding.cwe === null || surest.get(flawOf(finding))?.engine === finding.engine,
  );
}

function flawOf({ file, line, cwe }: Finding): string {
  return `${file}:${line}:${cwe}`;
}

/** By name where both are as sure, so that the order in which they came doesn't matter. */
function isSurer(a: Finding, b: Finding): boolean {
  const difference = CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence);
  return difference !== 0 ? difference > 0 : a.engine < b.engine;
}

function toSecurityIssue(finding: Finding): SecurityIssue {
  const { issue, severity, line, recommendation, file, column } = finding;
  const { end_line, rule_id, engine, confidence, cwe } = finding;
  return {
    issue,
    severity,
    line,
    recommendation,
    file,
    column,
    end_line,
    rule_id,
    engine,
    confidence,
    cwe,
  };
}

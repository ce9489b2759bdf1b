import { NORMAL_IN_TESTS } from '../analyzers/rules/normal-in-tests.js';
import { baselineStateOf, type EarlierAnalysis } from '../verdict/baseline.js';
import {
  CONFIDENCES,
  compareFindings,
  type Finding,
  type FindingStatus,
  type ReportedFinding,
} from './finding.js';
import { fingerprintOf, flawsOf } from './fingerprints.js';
import { movedFindings } from './moved-findings.js';
import type { SourceFile } from '../engines/source-files.js';
import { suppressionOf } from './suppressions.js';

/** What is known of findings beyond what their engines say. */
export interface Knowledge {
  code: ReadonlyMap<string, SourceFile>;
  /** What people decided, by fingerprint. */
  decisions: ReadonlyMap<string, FindingStatus>;
  earlier: EarlierAnalysis | null;
  /** Whether the source has such a file, code or not. */
  isThere: (file: string) => boolean;
}

export interface Reported {
  /** The worst first. */
  findings: ReportedFinding[];
  /** Fingerprints of findings whose file has another name than before: -> those that they had. */
  moved: ReadonlyMap<string, string>;
}

/** Makes what engines found into what is reported. The order in which it came doesn't matter. */
export function toReported(
  found: readonly Finding[],
  { code, decisions, earlier, isThere }: Knowledge,
): Reported {
  const isTest = (file: string) => code.get(file)?.isTest ?? false;
  const findings = withoutRepeats(found)
    .filter(({ rule_id, file }) => !(NORMAL_IN_TESTS.has(rule_id) && isTest(file)))
    .sort(compareFindings);
  const lines = new Map<string, string[]>();
  const lineOf = (file: string, line: number) => {
    const all = lines.get(file) ?? code.get(file)?.text.split('\n') ?? [];
    lines.set(file, all);
    return all[line - 1] ?? '';
  };
  const flaws = flawsOf(findings, lineOf);
  const moved = earlier ? movedFindings(flaws, earlier, isThere) : new Map<string, string>();
  const reported = findings.map((finding, index): ReportedFinding => {
    const flaw = flaws[index];
    const fingerprint = flaw ? fingerprintOf(flaw) : '';
    const before = moved.get(fingerprint) ?? fingerprint;
    const source = code.get(finding.file);
    return {
      ...finding,
      fingerprint,
      in_tests: isTest(finding.file),
      status: decisions.get(fingerprint) ?? decisions.get(before) ?? 'open',
      suppression: source ? suppressionOf(finding, source) : null,
      baseline: baselineStateOf({ fingerprint: before, category: finding.category }, earlier),
    };
  });
  return { findings: reported, moved };
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
  const undefinedNames = new Set(
    findings.filter(({ rule_id }) => rule_id === 'F821').map(({ file, line }) => `${file}:${line}`),
  );
  return findings.filter((finding) =>
    UNDEFINED_NAME.has(finding.rule_id)
      ? !undefinedNames.has(`${finding.file}:${finding.line}`)
      : finding.cwe === null || surest.get(flawOf(finding))?.engine === finding.engine,
  );
}

/** What the type checkers call a name that nobody defines, which ruff reports as a defect. */
const UNDEFINED_NAME: ReadonlySet<string> = new Set(['name-defined', 'reportUndefinedVariable']);

function flawOf({ file, line, cwe }: Finding): string {
  return `${file}:${line}:${cwe}`;
}

/** By name where both are as sure, so that the order in which they came doesn't matter. */
function isSurer(a: Finding, b: Finding): boolean {
  const difference = CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence);
  return difference !== 0 ? difference > 0 : a.engine < b.engine;
}

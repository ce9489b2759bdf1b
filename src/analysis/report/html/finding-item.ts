import type { ReportedFinding, TraceStep } from '../../findings/finding.js';
import { excerptOf, type Excerpt } from './excerpt.js';
import { toPieces } from './wording.js';

/** Steps of one flow that are shown. */
const MAX_STEPS = 25;

export interface FindingItem {
  /** For links to it; `null`: not fit for one. */
  anchor: string | null;
  place: string;
  file: string;
  line: number;
  message: ReturnType<typeof toPieces>;
  severity: string;
  confidence: string;
  inTests: boolean;
  isNew: boolean;
  isFlow: boolean;
  /** Unfolded from the start: what should be read at once. */
  isExpanded: boolean;
  excerpt: Excerpt | null;
  steps: Step[];
  hiddenSteps: number;
  /** Why nobody has to look at it; `null`: somebody has to. */
  silence: string | null;
}

interface Step {
  role: string;
  place: string;
  text: string;
  excerpt: Excerpt | null;
}

export interface ItemSources {
  /** `undefined`: the source is no longer there. */
  linesOf: (file: string) => readonly string[] | undefined;
  comments: ReadonlyMap<string, string>;
}

export function toItem(finding: ReportedFinding, { linesOf, comments }: ItemSources): FindingItem {
  const { file, line, severity, fingerprint } = finding;
  const trace = withoutRepeats(finding.trace);
  const lines = linesOf(file);
  const isFlow = finding.category === 'security';
  return {
    anchor: /^[0-9a-f]{8,64}$/.test(fingerprint) ? `finding-${fingerprint}` : null,
    place: `${file}:${line}`,
    file,
    line,
    message: toPieces(finding.message || finding.issue),
    severity,
    confidence: finding.confidence,
    inTests: finding.in_tests,
    isNew: finding.baseline === 'new',
    isFlow,
    isExpanded: severity === 'critical' || severity === 'high',
    excerpt: lines ? excerptOf(lines, finding) : null,
    steps: trace.slice(0, MAX_STEPS).map((step, index) => ({
      role: roleOf(index, trace.length, isFlow),
      place: `${step.file}:${step.line}`,
      text: step.text,
      excerpt: excerptOfStep(step, linesOf(step.file)),
    })),
    hiddenSteps: Math.max(0, trace.length - MAX_STEPS),
    silence: silenceOf(finding, comments.get(fingerprint)),
  };
}

/** An engine may tell of one place twice, as what a value is and as where it goes; a reader sees the same line. */
function withoutRepeats(trace: readonly TraceStep[]): TraceStep[] {
  return trace.filter((step, index) => {
    const before = trace[index - 1];
    return (
      !before || (['file', 'line', 'column'] as const).some((key) => step[key] !== before[key])
    );
  });
}

function roleOf(index: number, length: number, isFlow: boolean): string {
  if (!isFlow) {
    return 'Also here';
  }
  if (index === 0) {
    return 'Enters';
  }
  return index === length - 1 ? 'Does harm' : 'Passes';
}

function excerptOfStep(step: TraceStep, lines: readonly string[] | undefined): Excerpt | null {
  return lines ? excerptOf(lines, { line: step.line, column: step.column }, 0) : null;
}

function silenceOf(
  { status, suppression }: ReportedFinding,
  comment: string | undefined,
): string | null {
  const reasons: string[] = [];
  if (suppression) {
    const { marker, line, reason } = suppression;
    reasons.push(`Comment ${marker} in line ${line}: ${reason ?? 'no reason given'}`);
  }
  if (status !== 'open') {
    const judged = status === 'false_positive' ? 'Judged a false positive' : 'Accepted as a risk';
    reasons.push(`${judged}: ${comment ?? 'no comment given'}`);
  }
  return reasons.length === 0 ? null : reasons.join('; ');
}

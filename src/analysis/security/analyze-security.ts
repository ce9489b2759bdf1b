import type { Check } from './checks/check.js';
import { COSTLY_REGEX, findCostlyRegexes } from './checks/regex-cost.js';
import { findTimingUnsafeComparisons, TIMING_UNSAFE_COMPARISON } from './checks/timing.js';
import { findSecurityAssertions, SECURITY_ASSERTION } from './checks/assertions.js';
import { findIncompleteHostChecks, INCOMPLETE_HOST_CHECK } from './checks/host-checks.js';
import { findUncheckedMessages, UNCHECKED_MESSAGE_ORIGIN } from './checks/message-origin.js';
import { findRecursiveMerges } from './checks/recursive-merge.js';
import { findSecrets, HARD_CODED_SECRET } from './checks/secrets.js';
import { findWeakRandomness, WEAK_RANDOMNESS } from './checks/randomness.js';
import { Budget, TooComplex } from './engine/budget.js';
import { LinkedInterpreter } from './engine/linked-interpreter.js';
import { Knowledge } from './engine/sinks/knowledge.js';
import type { Step } from './engine/values/origins.js';
import { Project, Sources } from './project/project.js';
import { deduplicated } from './deduplicated.js';
import { type FileKind, fileKindOf, languageOf, nestsTooDeep } from './file-kinds.js';
import type { Language, ModuleIr } from './ir/ir.js';
import { isDevelopmentSetting, isHarmlessHash } from './harmless.js';
import { Linker } from './project/linker.js';
import { lowerPython } from './python/lower.js';
import type { Confidence, Rule, Severity, Sink } from './rule.js';
import { RULES } from './rules/all-rules.js';
import { PROPAGATORS } from './rules/values/propagators.js';
import { SANITIZERS } from './rules/values/sanitizers.js';
import { SOURCES } from './rules/values/sources.js';

export interface TraceStep {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The code of this step, on one line. */
  readonly text: string;
}

export interface SecurityFinding {
  readonly ruleId: string;
  readonly title: string;
  readonly message: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly cwe: string;
  readonly owasp: string;
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly recommendation: string;
  /** From the source to the sink; empty for a flaw that needs no flow. */
  readonly trace: readonly TraceStep[];
  readonly inTests: boolean;
}

export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}

export interface SecurityReport {
  /** By file, then place, then rule. */
  readonly findings: readonly SecurityFinding[];
  /** Files that were not, or not wholly, analysed. */
  readonly skipped: readonly SkippedFile[];
  readonly files: number;
  readonly lines: number;
}

export interface SecurityOptions {
  /** Expressions evaluated per file before it counts as too complex. */
  readonly maxStepsPerFile?: number;
  readonly maxMillisecondsPerFile?: number;
  readonly maxBytesPerFile?: number;
  /** Kinds of files to analyse; `source` and `test` if absent. */
  readonly kinds?: readonly FileKind[];
  /** A clock in milliseconds, for tests. */
  readonly now?: () => number;
}

const DEFAULTS = {
  maxStepsPerFile: 1_500_000,
  maxMillisecondsPerFile: 5_000,
  maxBytesPerFile: 2 * 1024 * 1024,
  kinds: ['source', 'test'] as readonly FileKind[],
};

const TABLES = { rules: RULES, sources: SOURCES, sanitizers: SANITIZERS, propagators: PROPAGATORS };
const KNOWLEDGE: Readonly<Record<Language, Knowledge>> = {
  python: new Knowledge('python', TABLES),
  javascript: new Knowledge('javascript', TABLES),
};
/** `needs`: without it in its text a file has nothing for the check, which walks all of it. */
const CHECKS: readonly { readonly check: Check; readonly needs?: RegExp }[] = [
  { check: findSecrets },
  { check: findWeakRandomness, needs: /random/i },
  { check: findCostlyRegexes },
  { check: findRecursiveMerges },
  { check: findSecurityAssertions },
  { check: findTimingUnsafeComparisons },
  { check: findIncompleteHostChecks },
  { check: findUncheckedMessages, needs: /['"]message['"]|onmessage/ },
];

/** All rules, those that need no flow included: what the README and SARIF list. */
export const SECURITY_RULES: readonly Rule[] = [
  ...RULES,
  HARD_CODED_SECRET,
  WEAK_RANDOMNESS,
  COSTLY_REGEX,
  SECURITY_ASSERTION,
  TIMING_UNSAFE_COMPARISON,
  INCOMPLETE_HOST_CHECK,
  UNCHECKED_MESSAGE_ORIGIN,
];

/** Finds security flaws in Python, JavaScript and TypeScript. Pure: reads nothing, runs nothing, same input same report. */
export function analyzeSecurity(
  files: ReadonlyMap<string, string>,
  options: SecurityOptions = {},
): SecurityReport {
  const project = new Project((file) => withoutMark(files.get(file)));
  const reports = [...files.keys()]
    .sort()
    .map((file) => analyzeFile(file, files.get(file) ?? '', options, project));
  return {
    findings: deduplicated(reports.flatMap((report) => report.findings)),
    skipped: reports.flatMap((report) => report.skipped),
    files: reports.reduce((sum, report) => sum + report.files, 0),
    lines: reports.reduce((sum, report) => sum + report.lines, 0),
  };
}

/** A byte order mark would count as indentation. */
const withoutMark = <T extends string | undefined>(text: T): T | string =>
  text?.startsWith('\uFEFF') ? text.slice(1) : text;

/**
 * One file, and flows from it through others of its project: what is found depends on it and on what it reaches in the
 * project's graph alone, so that a caller may spread files over time and workers. A flaw may lie in another file then,
 * and may be found from several: see `deduplicated`.
 */
export function analyzeFile(
  file: string,
  content: string,
  options: SecurityOptions = {},
  project = new Project((name) => (name === file ? withoutMark(content) : undefined)),
): SecurityReport {
  const text = withoutMark(content);
  const limits = { ...DEFAULTS, ...options };
  const language = languageOf(file);
  const skip = (reason: string): SecurityReport => ({
    findings: [],
    skipped: [{ file, reason }],
    files: 0,
    lines: 0,
  });
  if (!language) {
    return { findings: [], skipped: [], files: 0, lines: 0 };
  }
  const kind = fileKindOf(file, text);
  if (!limits.kinds.includes(kind)) {
    return skip(kind);
  }
  if (text.length > limits.maxBytesPerFile) {
    return skip('too large');
  }
  if (nestsTooDeep(text)) {
    return skip('too deeply nested');
  }
  const now = options.now ?? (() => performance.now());
  const skipped: SkippedFile[] = [];
  const raw: RawPlace[] = [];
  try {
    const module = language === 'python' ? lowerPython(text) : project.moduleOf(file);
    if (!module) {
      return skip('too large');
    }
    raw.push(...checked(module, text));
    const budget = new Budget({
      maxSteps: limits.maxStepsPerFile,
      now,
      maxMilliseconds: limits.maxMillisecondsPerFile,
    });
    const links = new Linker(project, file, KNOWLEDGE[language], budget);
    const place = { file, home: 0, links };
    const interpreter = new LinkedInterpreter(module, KNOWLEDGE[language], budget, place);
    links.home = interpreter;
    try {
      interpreter.run();
    } finally {
      raw.push(...interpreter.reporter.results(interpreter.calls));
      for (const { file: other, reporter } of links.reports()) {
        raw.push(...reporter.results(new Map()).map((found) => ({ ...found, file: other })));
      }
    }
  } catch (error) {
    if (error instanceof TooComplex) {
      skipped.push({ file, reason: 'too complex' });
    } else if (error instanceof RangeError) {
      skipped.push({ file, reason: 'too deeply nested' });
    } else {
      throw error;
    }
  }
  const sources = new Sources(file, text, project);
  const findings = deduplicated(
    raw.map((found) => toFinding(found, file, sources, language, kind === 'test')),
  );
  return { findings, skipped, files: 1, lines: sources.of(file).lines };
}

interface RawPlace {
  readonly rule: Rule;
  readonly sink?: Sink;
  readonly start: number;
  readonly end: number;
  readonly confidence: Confidence;
  readonly step?: Step | null;
  /** Where it is another one than that which is analysed. */
  readonly file?: string;
}

const checked = (module: ModuleIr, text: string): RawPlace[] =>
  CHECKS.flatMap(({ check, needs }) => (needs?.test(text) === false ? [] : check(module, text)));

function toFinding(
  place: RawPlace,
  analysed: string,
  sources: Sources,
  language: Language,
  inTests: boolean,
): SecurityFinding {
  const { rule, sink, file = analysed } = place;
  const source = sources.of(file);
  const { line, column } = source.position(place.start);
  return {
    ruleId: rule.id,
    title: rule.title,
    message: sink?.message ?? rule.message,
    severity: sink?.severity ?? rule.severity,
    confidence:
      isHarmlessHash(rule.id, place.start, source) || isDevelopmentSetting(rule.id, file)
        ? 'low'
        : place.confidence,
    cwe: rule.cwe,
    owasp: rule.owasp,
    file,
    line,
    column,
    endLine: source.position(Math.max(place.start, place.end - 1)).line,
    recommendation: rule.recommendation[language] ?? '',
    trace: traceOf(place.step ?? null, file, sources),
    inTests,
  };
}

function traceOf(step: Step | null, file: string, sources: Sources): TraceStep[] {
  const trace: TraceStep[] = [];
  let at = file;
  for (let current = step; current;) {
    const source = sources.of(at);
    const { line, column } = source.position(current.start);
    trace.unshift({ file: at, line, column, text: source.quote(current.start, current.end) });
    at = current.previous ? at : (current.outside?.file ?? at);
    current = current.previous ?? current.outside?.step ?? null;
  }
  return trace;
}

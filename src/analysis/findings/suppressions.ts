import { securityRule } from '../analyzers/rules/security-rules.js';
import { commentsIn } from '../engines/tokens.js';
import type { Finding, Suppression } from './finding.js';

/** Which findings a comment silences. */
interface Reach {
  from: number;
  to: number;
  matches: (finding: Finding) => boolean;
}

interface Marker {
  pattern: RegExp;
  languages: readonly string[];
  /** @param line Of the comment, counted from 1. @param isAlone Whether nothing but the comment stands on its line. */
  reach: (names: readonly string[], line: number, isAlone: boolean) => Reach;
}

export interface MarkedSource {
  /** The text with every marker unreadable, at the same length: engines then report what would be silenced. */
  text: string;
  suppressions: Suppressions;
}

type Entry = Suppression & Reach;

/** The comments of one file. Most reach a line or two: they are found by line, so that no file makes the search slow. */
export class Suppressions {
  readonly all: Entry[] = [];
  private readonly byLine = new Map<number, Entry[]>();
  private readonly ranges: Entry[] = [];
  private readonly open: Entry[] = [];

  add(entry: Entry): void {
    if (entry.to - entry.from <= 1) {
      for (let line = entry.from; line <= entry.to; line += 1) {
        this.byLine.set(line, [...(this.byLine.get(line) ?? []), entry]);
      }
    } else if (this.ranges.length < MAX_RANGES) {
      this.ranges.push(entry);
      if (entry.marker.endsWith('-disable')) {
        this.open.push(entry);
      }
    } else {
      return;
    }
    this.all.push(entry);
  }

  /** Ends the blocks that are open. */
  endBlocks(line: number): void {
    for (const entry of this.open.splice(0)) {
      entry.to = line;
    }
  }

  find(finding: Finding): Entry | undefined {
    const { line, end_line: end } = finding;
    return (
      this.byLine.get(line)?.find(({ matches }) => matches(finding)) ??
      // The end of a statement over several lines is where some linters want their comment.
      this.byLine
        .get(end)
        ?.find(({ from, to, matches }) => from === end && to === end && matches(finding)) ??
      this.ranges.find(({ from, to, matches }) => line >= from && line <= to && matches(finding))
    );
  }
}

const PYTHON = ['Python'];
const SCRIPT = ['JavaScript', 'TypeScript'];
const BOTH = [...PYTHON, ...SCRIPT];
const END = Number.MAX_SAFE_INTEGER;
/** Of one file; beyond these, comments on whole blocks are not honoured. */
const MAX_RANGES = 200;

const any = () => true;
const inCategory = (category: Finding['category']) => (finding: Finding) =>
  finding.category === category;

/** The first that fits a comment counts. Group 1: the marker's own word; `names`: rules; `reason`: the rest. */
const MARKERS: readonly Marker[] = [
  {
    pattern:
      /#\s*(?:ruff|flake8)\s*:\s*(noqa)(?:\s*:\s*(?<names>[A-Z]+\d*(?:[\s,]+[A-Z]+\d+)*))?(?<reason>.*)$/i,
    languages: PYTHON,
    reach: (names) => ({ from: 1, to: END, matches: byCode(names) }),
  },
  {
    pattern: /#\s*(noqa)(?:\s*:\s*(?<names>[A-Z]+\d*(?:[\s,]+[A-Z]+\d+)*))?(?<reason>.*)$/i,
    languages: PYTHON,
    reach: (names, line) => ({ from: line, to: line, matches: byCode(names) }),
  },
  {
    pattern: /#\s*(nosec)\b(?:[\s:]+(?<names>B\d+(?:[\s,]+B\d+)*))?(?<reason>.*)$/i,
    languages: PYTHON,
    reach: (names, line) => ({
      from: line,
      to: line,
      // Bandit's B608 is ruff's S608.
      matches:
        names.length > 0
          ? byCode(names.map((name) => name.replace(/^B/i, 'S')))
          : inCategory('security'),
    }),
  },
  {
    pattern: /#\s*(type:\s*ignore|pyright:\s*ignore)(?:\[(?<names>[^\]]*)\])?(?<reason>.*)$/,
    languages: PYTHON,
    reach: (names, line, isAlone) => ({
      from: line,
      to: isAlone && line === 1 ? END : line,
      // One checker's names mean nothing to the other: whichever ran, the comment is about what it found here.
      matches: names.some((name) => name.startsWith('report'))
        ? (finding) => byName(names, 'types')(finding) || isOf('mypy', finding)
        : (finding) => byName(names, 'types')(finding) || isOf('pyright', finding),
    }),
  },
  {
    pattern: /#\s*(mypy:\s*ignore-errors|pyright:\s*basic)(?<reason>.*)$/,
    languages: PYTHON,
    reach: () => ({ from: 1, to: END, matches: inCategory('types') }),
  },
  {
    pattern: /(?:#|\/\/|\/\*)\s*(nosemgrep)\b(?::\s*(?<names>[\w.,\s-]+))?(?<reason>.*)$/i,
    languages: BOTH,
    // Its rule names are another tool's: they tell nothing about ours.
    reach: (_, line, isAlone) => ({
      from: line,
      to: isAlone ? line + 1 : line,
      matches: inCategory('security'),
    }),
  },
  {
    pattern: /(?:#|\/\/|\/\*)\s*(NOSONAR)\b(?<reason>.*)$/,
    languages: BOTH,
    reach: (_, line) => ({ from: line, to: line, matches: any }),
  },
  {
    pattern:
      /(?:\/\/|\/\*)\s*((?:eslint|oxlint)-disable-next-line)\b(?<names>(?:(?!--|\*\/).)*)(?:--(?<reason>.*?))?(?:\*\/|$)/,
    languages: SCRIPT,
    reach: (names, line) => ({ from: line + 1, to: line + 1, matches: byName(names, 'quality') }),
  },
  {
    pattern:
      /(?:\/\/|\/\*)\s*((?:eslint|oxlint)-disable-line)\b(?<names>(?:(?!--|\*\/).)*)(?:--(?<reason>.*?))?(?:\*\/|$)/,
    languages: SCRIPT,
    reach: (names, line) => ({ from: line, to: line, matches: byName(names, 'quality') }),
  },
  {
    pattern:
      /\/\*\s*((?:eslint|oxlint)-disable)\b(?!-)(?<names>(?:(?!--|\*\/).)*)(?:--(?<reason>.*?))?(?:\*\/|$)/,
    languages: SCRIPT,
    reach: (names, line) => ({ from: line, to: END, matches: byName(names, 'quality') }),
  },
  {
    pattern: /(?:\/\/|\/\*)\s*(@ts-(?:ignore|expect-error))\b(?<reason>.*)$/,
    languages: SCRIPT,
    reach: (_, line) => ({ from: line + 1, to: line + 1, matches: inCategory('types') }),
  },
  {
    pattern: /(?:\/\/|\/\*)\s*(@ts-nocheck)\b(?<reason>.*)$/,
    languages: SCRIPT,
    reach: () => ({ from: 1, to: END, matches: inCategory('types') }),
  },
];

/** Ends what `eslint-disable` began. */
const ENABLE = /\/\*\s*(?:eslint|oxlint)-enable\b/;
/** Spares most files the look at every line. */
const ANY_MARKER =
  /noqa|nosec|nosemgrep|NOSONAR|type:\s*ignore|pyright:|mypy:|(?:eslint|oxlint)-disable|@ts-(?:ignore|expect-error|nocheck)/i;

/**
 * Finds the comments that ask tools for silence.
 *
 * Markers in string literals are text like any other.
 *
 * @param language As `languageOf` names it.
 */
export function readSuppressions(text: string, language: string): MarkedSource {
  if (!ANY_MARKER.test(text)) {
    return { text, suppressions: new Suppressions() };
  }
  const markers = MARKERS.filter(({ languages }) => languages.includes(language));
  const suppressions = new Suppressions();
  const comments = commentsIn(text, language === 'Python');
  let start = 0;
  const lines = text.split('\n').map((content, index) => {
    if (ENABLE.test(content)) {
      suppressions.endBlocks(index + 1);
    }
    const from = start;
    start += content.length + 1;
    return ANY_MARKER.test(content)
      ? readLine(
          { content, number: index + 1, isComment: (at) => comments[from + at] === 1 },
          markers,
          suppressions,
        )
      : content;
  });
  return { text: lines.join('\n'), suppressions };
}

/** The comment that silences a finding; `null`: none does. */
export function suppressionOf(
  finding: Finding,
  { suppressions }: Pick<MarkedSource, 'suppressions'>,
): Suppression | null {
  const found = suppressions.find(finding);
  return found ? { marker: found.marker, line: found.line, reason: found.reason } : null;
}

interface Line {
  content: string;
  /** Counted from 1. */
  number: number;
  isComment: (at: number) => boolean;
}

function readLine(
  { content, number: line, isComment }: Line,
  markers: readonly Marker[],
  suppressions: Suppressions,
): string {
  let rest = content;
  for (const { pattern, reach } of markers) {
    const match = firstIn(rest, pattern, isComment);
    const word = match?.[1];
    if (!match || word === undefined) {
      continue;
    }
    const isAlone = rest.slice(0, match.index).trim() === '';
    suppressions.add({
      marker: word.replace(/\s+/g, ' '),
      line,
      reason: reasonIn(match.groups?.['reason']),
      ...reach(namesIn(match.groups?.['names']), line, isAlone),
    });
    const at = rest.indexOf(word, match.index);
    rest = rest.slice(0, at) + word.replace(/\w/g, 'x') + rest.slice(at + word.length);
  }
  return rest;
}

function firstIn(
  text: string,
  pattern: RegExp,
  isComment: Line['isComment'],
): RegExpExecArray | null {
  for (let from = 0; from < text.length;) {
    const match = pattern.exec(text.slice(from));
    if (!match) {
      return null;
    }
    match.index += from;
    if (isComment(match.index)) {
      return match;
    }
    from = match.index + 1;
  }
  return null;
}

function namesIn(text = ''): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}

function reasonIn(text = ''): string | null {
  const reason = text
    .replace(/\*\/.*$/, '')
    .replace(/^[\s:#,;–—-]+/, '')
    .trim()
    .slice(0, 200);
  return reason === '' ? null : reason;
}

function isOf(engine: string, finding: Finding): boolean {
  return finding.category === 'types' && finding.engine === engine;
}

/** Codes as flake8 and ruff have them; one of security silences the same weakness from every engine. */
function byCode(codes: readonly string[]): (finding: Finding) => boolean {
  if (codes.length === 0) {
    return any;
  }
  const upper = codes.map((code) => code.toUpperCase());
  const weaknesses = new Set(upper.map((code) => securityRule(code)?.cwe));
  return ({ rule_id, cwe }) =>
    upper.some((code) => rule_id.startsWith(code)) || (cwe !== null && weaknesses.has(cwe));
}

/** Rules of ESLint that our security engine knows by another name. */
const SECURITY_NAMES: Readonly<Record<string, string>> = {
  'no-eval': 'code-injection',
  'no-implied-eval': 'code-injection',
  'no-new-func': 'code-injection',
  'no-script-url': 'xss',
};

/** Names of rules, with or without their plugin in front; without names: the whole category. */
function byName(
  names: readonly string[],
  category: Finding['category'],
): (finding: Finding) => boolean {
  if (names.length === 0) {
    return inCategory(category);
  }
  const own = new Set(names.map(lastPart).flatMap((name) => [name, SECURITY_NAMES[name] ?? name]));
  const silencesSecurity = names.some((name) => name.startsWith('security/'));
  return (finding) =>
    own.has(lastPart(finding.rule_id)) || (silencesSecurity && finding.category === 'security');
}

/** `@typescript-eslint/no-explicit-any` -> `no-explicit-any` */
function lastPart(name: string): string {
  return /([\w-]+)\)?$/.exec(name)?.[1] ?? name;
}

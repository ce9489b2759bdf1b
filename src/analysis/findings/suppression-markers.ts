import { securityRule } from '../analyzers/rules/security-rules.js';
import type { Finding } from './finding.js';

/** Which findings a comment silences. */
export interface Reach {
  from: number;
  to: number;
  matches: (finding: Finding) => boolean;
}

export interface Marker {
  pattern: RegExp;
  languages: readonly string[];
  /** @param line Of the comment, counted from 1. @param isAlone Whether nothing but the comment stands on its line. */
  reach: (names: readonly string[], line: number, isAlone: boolean) => Reach;
}

const PYTHON = ['Python'];
const SCRIPT = ['JavaScript', 'TypeScript'];
const BOTH = [...PYTHON, ...SCRIPT];
const END = Number.MAX_SAFE_INTEGER;

const any = () => true;
const inCategory = (category: Finding['category']) => (finding: Finding) =>
  finding.category === category;

/** The first that fits a comment counts. Group 1: the marker's own word; `names`: rules; `reason`: the rest. */
export const MARKERS: readonly Marker[] = [
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

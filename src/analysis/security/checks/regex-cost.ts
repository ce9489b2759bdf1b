import { dotted } from '../ir/build.js';
import type { Expression, ModuleIr } from '../ir/ir.js';
import { walk } from '../ir/walk.js';
import type { Rule } from '../rule.js';
import { OWASP } from '../rules/trust.js';
import type { Check, CheckedFinding } from './check.js';
import { charactersOf, parseRegex, type RegexItem } from './regex-syntax.js';

export const COSTLY_REGEX: Rule = {
  id: 'regex-backtracking',
  title: 'Regular expression with exponential cost',
  cwe: 'CWE-1333',
  owasp: OWASP.design,
  severity: 'medium',
  message:
    'A repetition inside a repetition can match the same text in many ways: a short text that does not match keeps this busy for minutes.',
  recommendation: {
    python:
      'Make each character match in one way only: `(\\w+\\s?)*$` becomes `[\\w\\s]*$`; limit the length of the text first.',
    javascript:
      'Make each character match in one way only: `(\\w+\\s?)*$` becomes `[\\w\\s]*$`; limit the length of the text first.',
  },
  sinks: [],
};

/** Expressions of the program itself that backtrack exponentially. */
export const findCostlyRegexes: Check = (module: ModuleIr): CheckedFinding[] => {
  const found: CheckedFinding[] = [];
  walk(module.body, (expression) => {
    const pattern = patternOf(expression);
    if (pattern !== null && isExponential(pattern)) {
      found.push({
        rule: COSTLY_REGEX,
        start: expression.start,
        end: expression.end,
        confidence: 'medium',
      });
    }
  });
  return found;
};

function patternOf(e: Expression): string | null {
  if (e.kind === 'regex') {
    return e.pattern;
  }
  const first = e.kind === 'call' ? e.args[0]?.value : undefined;
  const callee = e.kind === 'call' ? (dotted(e.callee) ?? '') : '';
  return /^(re\.(compile|match|search|fullmatch|sub|findall|split)|RegExp)$/.test(callee) &&
    first?.kind === 'literal' &&
    typeof first.value === 'string'
    ? first.value
    : null;
}

/** True for a repeated group that can split the same text into rounds in more ways than one. */
function isExponential(pattern: string): boolean {
  if (pattern.length > 2000 || !/[+*}]\??\)|\)[+*{]/.test(pattern)) {
    return false;
  }
  return (parseRegex(pattern) ?? []).some((option) => hasCostlyGroup(option, false));
}

/** `mayFail`: something after these items can fail, so that all the ways are tried. */
function hasCostlyGroup(items: readonly RegexItem[], mayFail: boolean): boolean {
  return items.some((item, index) => {
    const followed = mayFail || index + 1 < items.length;
    if (!item.group) {
      return false;
    }
    return (
      (item.max === Infinity && followed && isAmbiguous(item.group)) ||
      item.group.some((option) => hasCostlyGroup(option, followed))
    );
  });
}

function isAmbiguous(options: readonly (readonly RegexItem[])[]): boolean {
  const single = options.map(onlyCharacter);
  const overlap = single.some(
    (characters, i) =>
      characters && single.slice(i + 1).some((other) => other && intersects(characters, other)),
  );
  return overlap || options.some(repeatsWithin);
}

/** `a+`, `a+b?`, `a+.`: a repetition, and nothing required beside it that it couldn't match itself. */
function repeatsWithin(option: readonly RegexItem[]): boolean {
  const items = option.flatMap((item) => unwrapped(item));
  return items.some((item, index) => {
    if (item.max !== Infinity || item.one === undefined) {
      return false;
    }
    const own = charactersOf(item.one);
    return items.every(
      (other, i) =>
        i === index ||
        (other.one === undefined && !other.group) ||
        other.min === 0 ||
        (other.one !== undefined && intersects(own, charactersOf(other.one))),
    );
  });
}

/** `([a-z])+` is `[a-z]+`; a group of one option that is not repeated is what stands in it. */
function unwrapped(item: RegexItem): readonly RegexItem[] {
  const [only, ...others] = item.group ?? [];
  if (!only || others.length > 0) {
    return [item];
  }
  const [inner] = only;
  if (only.length === 1 && inner?.one !== undefined && inner.max === 1) {
    return [{ ...inner, min: item.min, max: item.max }];
  }
  return item.max === 1 && item.min === 1 ? only.flatMap((part) => unwrapped(part)) : [item];
}

function onlyCharacter(option: readonly RegexItem[]): ReadonlySet<string> | null {
  const [item] = option;
  return option.length === 1 && item?.one !== undefined ? charactersOf(item.one) : null;
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const character of a) {
    if (b.has(character)) {
      return true;
    }
  }
  return false;
}

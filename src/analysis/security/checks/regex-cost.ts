import { dotted } from '../ir/build.js';
import type { Expression, ModuleIr } from '../ir/ir.js';
import { walk } from '../ir/walk.js';
import type { Rule } from '../rule.js';
import { OWASP } from '../rules/trust.js';
import type { Check, CheckedFinding } from './check.js';
import { isExponential } from '../regex/cost.js';

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
  const texts = new Map<string, string>();
  walk(module.body, (expression, names) => {
    if (expression.kind === 'literal' && typeof expression.value === 'string') {
      texts.set(names[names.length - 1] ?? '', expression.value);
    }
    const pattern = patternOf(expression, texts);
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

/** @param texts By the variable that holds it, as far as the file was read. */
function patternOf(e: Expression, texts: ReadonlyMap<string, string>): string | null {
  if (e.kind === 'regex') {
    return e.pattern;
  }
  const first = e.kind === 'call' ? e.args[0]?.value : undefined;
  const callee = e.kind === 'call' ? (dotted(e.callee) ?? '') : '';
  if (!/^(re\.(compile|match|search|fullmatch|sub|findall|split)|RegExp)$/.test(callee)) {
    return null;
  }
  if (first?.kind === 'name') {
    return texts.get(first.name) ?? null;
  }
  return first?.kind === 'literal' && typeof first.value === 'string' ? first.value : null;
}

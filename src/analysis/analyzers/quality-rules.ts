import type { Severity } from '../finding.js';

export interface QualityRule {
  severity: Severity;
  /** To mend one finding. */
  minutes: number;
  /** For a whole group of findings; `undefined`: what the linter says of each. */
  advice: string | undefined;
}

/** By code or its beginning; the longest that fits counts. */
const RULES: Record<string, [Severity, minutes: number, advice?: string]> = {
  'invalid-syntax': ['high', 30, 'Mend the syntax errors: nothing else in these files is checked'],
  B: ['medium', 10],
  B006: ['medium', 10, 'Replace mutable default arguments by None'],
  B904: ['low', 5, 'Raise from the caught exception, so that its cause is not lost'],
  C901: ['medium', 30, 'Split up functions that branch too much'],
  E: ['low', 1],
  E402: ['low', 2, 'Move imports to the top of their file'],
  E501: ['low', 1, 'Break lines longer than 120 characters'],
  E711: ['low', 2, 'Compare with None by is'],
  E722: ['medium', 10, 'Catch the exceptions you expect, not all of them'],
  E9: ['high', 30],
  F: ['medium', 5],
  F401: ['low', 1, 'Remove unused imports'],
  F403: ['low', 5, 'Import names in place of *'],
  F811: ['medium', 5, 'Remove definitions that a later one replaces'],
  F821: ['high', 15, 'Define or import the names that are used without being defined'],
  F841: ['low', 2, 'Remove variables that nothing reads'],
  PLE: ['high', 15],
  PLR: ['low', 5],
  PLR0911: ['medium', 20, 'Simplify functions that return in too many places'],
  PLR0913: ['medium', 20, 'Group the arguments of functions that take too many'],
  PLR0915: ['medium', 30, 'Split up functions with too many statements'],
  PLW: ['medium', 5],
  PLW1510: ['low', 2, 'Say check=True or check=False to subprocess.run'],
  SIM: ['low', 3],
  UP: ['low', 2],
  W: ['low', 1],
};

const OTHER: [Severity, number] = ['low', 5];

export function qualityRule(code: string): QualityRule {
  for (let length = code.length; length > 0; length -= 1) {
    const found = RULES[code.slice(0, length)];
    if (found) {
      const [severity, minutes, advice] = found;
      return { severity, minutes, advice };
    }
  }
  const [severity, minutes] = OTHER;
  return { severity, minutes, advice: undefined };
}

import type { Rule } from '../rule.js';
import { OWASP } from './trust.js';

/** CWE-1333: expressions written from outside. Expressions of our own that backtrack are found in `regex-cost.ts`. */
export const REGEX_INJECTION: Rule = {
  id: 'regex-injection',
  title: 'Regular expression chosen from outside',
  cwe: 'CWE-1333',
  owasp: OWASP.design,
  severity: 'medium',
  message:
    'A value from outside becomes a regular expression: it can match what it should not, and take minutes to do so.',
  recommendation: {
    python: 'Escape it: `re.compile(re.escape(text))`.',
    javascript: 'Escape it: `new RegExp(escapeRegExp(text))`, or use `text.includes(part)`.',
  },
  flow: { context: 'regex', trust: { request: 'high', browser: 'low', network: 'medium' } },
  sinks: [
    {
      language: 'python',
      call: [
        're.{compile,match,search,fullmatch,findall,sub,split,finditer}',
        'regex.{compile,match,search}',
      ],
      args: [0],
    },
    { language: 'javascript', call: ['RegExp'], args: [0] },
    { language: 'javascript', option: ['$regex'], args: [0] },
  ],
};

import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** Text that this program or whoever develops it writes, going by the parameter's name. */
const OWN_TEXT =
  /^\$\w*(version|sql|type|stack|template|format|pattern|regex|source|code|line)\w*$/i;

/** CWE-1333: expressions of our own on text from outside. */
export const POLYNOMIAL_REGEX: Rule = {
  id: 'regex-polynomial',
  title: 'Slow regular expression on text from outside',
  cwe: 'CWE-1333',
  owasp: OWASP.design,
  severity: 'low',
  message:
    'The expression may begin to match at any place of a text from outside, and tries each to the end: a long text keeps this busy.',
  recommendation: {
    javascript:
      'Limit the length first: `if (text.length > 200) return;`, or use `text.trim()` and `text.split()`.',
  },
  flow: { context: 'regex', trust: { request: 'medium', network: 'medium', param: 'medium' } },
  sinks: [
    {
      language: 'javascript',
      call: ['*.{replace,split,match,search,replaceAll}'],
      args: ['this'],
      when: [{ arg: 0, polynomial: true }],
      unless: [{ arg: 'this', path: OWN_TEXT }],
    },
    {
      language: 'javascript',
      call: ['RegExp().{test,exec}'],
      args: [0],
      when: [{ arg: 'this', polynomial: true }],
      unless: [{ arg: 0, path: OWN_TEXT }],
    },
  ],
};

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
    {
      language: 'javascript',
      call: ['RegExp'],
      args: [0],
      // A copy of an expression that exists
      unless: [{ arg: 0, path: /\.source$/ }],
    },
    { language: 'javascript', option: ['$regex'], args: [0] },
  ],
};

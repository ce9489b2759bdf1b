import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** CWE-470: functions and classes chosen by name from outside. */
export const UNSAFE_REFLECTION: Rule = {
  id: 'unsafe-reflection',
  title: 'Function chosen by a name from outside',
  cwe: 'CWE-470',
  owasp: OWASP.injection,
  severity: 'high',
  message:
    'A value from outside names the function or attribute that is used, so that it can reach ones that nobody meant to offer.',
  recommendation: {
    python: 'Choose from a table: `ACTIONS = {"start": start}`, then `ACTIONS[name]()`.',
    javascript: 'Choose from a table: `const action = ACTIONS.get(name)`, then `action?.()`.',
  },
  flow: { context: 'property', trust: { request: 'medium', browser: 'medium', network: 'medium' } },
  sinks: [
    { language: 'python', call: ['getattr'], args: [1] },
    { language: 'python', call: ['setattr'], args: [1] },
    { language: 'python', call: ['globals().[]', 'locals().[]', '__builtins__.[]'], args: [0] },
    // `handlers[name](...)`
    { language: 'javascript', call: ['*.[]'], args: [0] },
  ],
};

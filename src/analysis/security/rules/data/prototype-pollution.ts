import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** CWE-1321: objects changed through `__proto__`. */
export const PROTOTYPE_POLLUTION: Rule = {
  id: 'prototype-pollution',
  title: 'Object changed through keys chosen from outside',
  cwe: 'CWE-1321',
  owasp: OWASP.integrity,
  severity: 'high',
  message:
    'Keys from outside are merged or written into an object: `__proto__` among them changes every object of the process.',
  recommendation: {
    javascript:
      "Refuse dangerous keys or use a `Map`: `if (key === '__proto__' || key === 'constructor' || key === 'prototype') return;`; merge only fields of a validated schema.",
  },
  flow: { context: 'object', trust: { request: 'high', browser: 'medium', network: 'medium' } },
  sinks: [
    {
      language: 'javascript',
      call: [
        'lodash.{merge,mergeWith,defaultsDeep,set,setWith,zipObjectDeep}',
        '_.{merge,mergeWith,defaultsDeep,set,setWith}',
        'lodash.merge',
        'lodash.defaultsdeep',
        'lodash.set',
        'deepmerge',
        'merge-deep',
        'deep-extend',
        'dot-prop.{set,setProperty}',
        'object-path.set',
        'set-value',
        'hoek.{merge,applyToDefaults}',
        '@hapi/hoek.merge',
        'defaults-deep',
        'jQuery.extend',
        '$.extend',
        'deepMerge',
        'merge.recursive',
        'extend',
      ],
      args: ['*'],
    },
    { language: 'javascript', keys: true, args: [0] },
  ],
};

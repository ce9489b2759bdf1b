import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** CWE-400: requests that may wait for ever. */
export const MISSING_TIMEOUT: Rule = {
  id: 'missing-timeout',
  title: 'Request without a time limit',
  cwe: 'CWE-400',
  owasp: OWASP.design,
  severity: 'low',
  confidence: 'low',
  message: 'A server that never answers holds this program up for ever.',
  recommendation: { python: 'Say how long to wait: `requests.get(url, timeout=5)`.' },
  sinks: [
    {
      language: 'python',
      call: ['requests.{get,post,put,patch,delete,head,options,request}'],
      when: [{ arg: 'timeout', missing: true }],
    },
    {
      language: 'python',
      call: ['requests.{get,post,put,patch,delete,head,options,request}'],
      when: [{ arg: 'timeout', is: [null] }],
    },
  ],
};

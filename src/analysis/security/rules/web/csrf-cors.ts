import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

export const CORS_ANY_ORIGIN: Rule = {
  id: 'cors-any-origin',
  title: 'Any origin may read answers',
  cwe: 'CWE-942',
  owasp: OWASP.configuration,
  severity: 'medium',
  confidence: 'medium',
  message: 'Every web site may read the answers of this server in the name of its visitors.',
  recommendation: {
    python: 'Name the origins: `CORSMiddleware, allow_origins=["https://app.example.com"]`.',
    javascript: "Name the origins: `cors({ origin: ['https://app.example.com'] })`.",
  },
  sinks: [
    {
      language: 'python',
      call: ['*.add_middleware'],
      when: [
        { arg: 0, path: /CORSMiddleware$/ },
        { arg: ['allow_origins', 'allow_origin_regex'], matches: /^(\*|\.\*)$/ },
      ],
    },
    {
      language: 'python',
      call: ['flask_cors.{CORS,cross_origin}'],
      when: [
        {
          arg: [
            'origins',
            'resources.*.origins',
            'resources./*.origins',
            'resources./api/*.origins',
          ],
          matches: /^(\*|\.\*)$/,
        },
      ],
    },
    {
      language: 'python',
      call: ['flask_cors.CORS'],
      when: [{ arg: ['origins', 'resources', 'origin', 'allow_origin'], missing: true }],
    },
    {
      language: 'python',
      decorator: ['flask_cors.cross_origin', 'flask_cors.cross_origin()'],
      confidence: 'low',
    },
    {
      language: 'python',
      assign: ['{CORS_ORIGIN_ALLOW_ALL,CORS_ALLOW_ALL_ORIGINS}'],
      when: [{ arg: 0, is: [true] }],
    },
    {
      language: 'python',
      assign: ['*.Access-Control-Allow-Origin'],
      when: [{ arg: 0, is: ['*'] }],
    },
    {
      language: 'javascript',
      call: ['cors', '@koa/cors', 'koa2-cors', '*.enableCors', '@fastify/cors'],
      when: [{ arg: '0.origin', is: ['*', true] }],
    },
    {
      language: 'javascript',
      call: ['*.register'],
      when: [
        { arg: 0, path: /^@fastify\/cors$/ },
        { arg: '1.origin', is: ['*', true] },
      ],
    },
    { language: 'javascript', call: ['cors', '*.enableCors'], when: [{ arg: 0, missing: true }] },
    {
      language: 'javascript',
      call: ['$res.{setHeader,header,set,append}', '*.{setHeader,header}'],
      when: [
        { arg: 0, matches: /^access-control-allow-origin$/i },
        { arg: 1, is: ['*'] },
      ],
    },
    {
      language: 'javascript',
      option: ['Access-Control-Allow-Origin'],
      when: [{ arg: 0, is: ['*'] }],
    },
  ],
};

export const CORS_REFLECTED: Rule = {
  ...CORS_ANY_ORIGIN,
  id: 'cors-reflected-origin',
  title: 'The caller names the origin that may read answers',
  severity: 'high',
  flow: { context: 'url', trust: { request: 'high' } },
  sinks: [
    {
      language: 'javascript',
      call: ['$res.{setHeader,header,set,append}'],
      when: [{ arg: 0, matches: /^access-control-allow-origin$/i }],
      args: [1],
    },
    { language: 'python', assign: ['*.Access-Control-Allow-Origin'], args: [0] },
  ],
};

export const CSRF_OFF: Rule = {
  id: 'csrf-protection-off',
  title: 'Protection against forged requests switched off',
  cwe: 'CWE-352',
  owasp: OWASP.access,
  severity: 'medium',
  message: "Requests that another site makes in a visitor's name are accepted here.",
  recommendation: {
    python:
      'Leave the protection on; for an API that takes tokens in a header rather than cookies, say so where it is switched off.',
    javascript: 'Leave the protection on, and set `sameSite` on session cookies.',
  },
  sinks: [
    {
      language: 'python',
      decorator: [
        'django.views.decorators.csrf.csrf_exempt',
        'csrf_exempt',
        '*.csrf.exempt',
        'csrf.exempt',
      ],
    },
    { language: 'python', call: ['django.views.decorators.csrf.csrf_exempt', '*.csrf.exempt'] },
    {
      language: 'python',
      assign: [
        '*.config.WTF_CSRF_ENABLED',
        '*.WTF_CSRF_ENABLED',
        'WTF_CSRF_ENABLED',
        '*.WTF_CSRF_CHECK_DEFAULT',
      ],
      when: [{ arg: 0, is: [false] }],
    },
    { language: 'python', option: ['WTF_CSRF_ENABLED'], when: [{ arg: 0, is: [false] }] },
    {
      language: 'python',
      option: ['csrf'],
      when: [{ arg: 0, is: [false] }],
      imports: ['flask_wtf', 'wtforms'],
      confidence: 'medium',
    },
    {
      language: 'javascript',
      option: ['ignoreMethods'],
      when: [{ arg: 0, matches: /^(POST|PUT|DELETE|PATCH)$/ }],
      confidence: 'medium',
    },
  ],
};

import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

const SESSION_NAME = /sess|token|auth|jwt|sid\b|login|user|remember|credential|csrf/i;

/** CWE-614, CWE-1004: cookies that travel in the clear or that scripts can read. */
export const INSECURE_COOKIE: Rule = {
  id: 'insecure-cookie',
  title: 'Cookie without protective flags',
  cwe: 'CWE-614',
  owasp: OWASP.configuration,
  severity: 'medium',
  confidence: 'medium',
  message:
    'A cookie is set without `secure` or `httpOnly`, so that it travels in the clear or can be read by scripts.',
  recommendation: {
    python:
      'Set the flags: `response.set_cookie("session", value, secure=True, httponly=True, samesite="Lax")`.',
    javascript:
      "Set the flags: `res.cookie('session', value, { secure: true, httpOnly: true, sameSite: 'lax' })`.",
  },
  sinks: [
    {
      language: 'python',
      call: ['*.set_cookie'],
      when: [{ arg: ['secure', 'httponly'], is: [false] }],
      confidence: 'high',
    },
    {
      language: 'python',
      call: ['*.set_cookie'],
      when: [
        { arg: ['secure'], missing: true },
        { arg: [1, 'value'], present: true },
      ],
      unless: [{ arg: [1, 'value'], is: [''] }],
    },
    {
      language: 'python',
      call: ['*.set_cookie'],
      when: [
        { arg: 'httponly', missing: true },
        { arg: [0, 'key'], matches: SESSION_NAME },
      ],
      unless: [{ arg: [1, 'value'], is: ['', null] }],
    },
    {
      language: 'python',
      assign: [
        '*.SESSION_COOKIE_SECURE',
        'SESSION_COOKIE_SECURE',
        'CSRF_COOKIE_SECURE',
        'SESSION_COOKIE_HTTPONLY',
        '*.SESSION_COOKIE_HTTPONLY',
        '*.config.SESSION_COOKIE_SECURE',
        '*.config.SESSION_COOKIE_HTTPONLY',
        '*.REMEMBER_COOKIE_SECURE',
      ],
      when: [{ arg: 0, is: [false] }],
      confidence: 'high',
    },
    {
      language: 'python',
      option: ['SESSION_COOKIE_SECURE', 'SESSION_COOKIE_HTTPONLY'],
      when: [{ arg: 0, is: [false] }],
    },
    {
      language: 'javascript',
      call: [
        '$res.cookie',
        '*.res.cookie',
        '$res.status().cookie',
        '$reply.setCookie',
        '$res.setCookie',
      ],
      when: [{ arg: ['2.secure', '2.httpOnly'], is: [false] }],
      confidence: 'high',
    },
    {
      language: 'javascript',
      call: [
        '$res.cookie',
        '*.res.cookie',
        '$res.status().cookie',
        '$reply.setCookie',
        '$res.setCookie',
      ],
      when: [{ arg: 2, missing: true }],
    },
    {
      language: 'javascript',
      call: [
        '$res.cookie',
        '*.res.cookie',
        '$res.status().cookie',
        '$reply.setCookie',
        '$res.setCookie',
      ],
      when: [
        { arg: 2, present: true },
        { arg: '2.secure', missing: true },
      ],
    },
    {
      language: 'javascript',
      call: ['$res.cookie', '*.res.cookie', '$reply.setCookie', '$res.setCookie'],
      when: [
        { arg: 2, present: true },
        { arg: '2.httpOnly', missing: true },
        { arg: 0, matches: SESSION_NAME },
      ],
    },
    {
      language: 'javascript',
      call: ['express-session', 'cookie-session'],
      when: [
        { arg: ['0.cookie.secure', '0.cookie.httpOnly', '0.secure', '0.httpOnly'], is: [false] },
      ],
      confidence: 'high',
    },
    {
      language: 'javascript',
      call: ['express-session'],
      when: [
        { arg: '0.cookie.secure', missing: true },
        { arg: '0', present: true },
      ],
    },
    {
      language: 'javascript',
      call: ['$ctx.cookies.set'],
      when: [{ arg: ['2.httpOnly', '2.secure'], is: [false] }],
    },
  ],
};

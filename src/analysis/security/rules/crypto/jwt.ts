import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

export const JWT_UNVERIFIED: Rule = {
  id: 'jwt-not-verified',
  title: 'Token accepted without checking its signature',
  cwe: 'CWE-347',
  owasp: OWASP.crypto,
  severity: 'critical',
  message:
    'The signature of the token is not checked, or `none` is accepted in its place: anybody can write one.',
  recommendation: {
    python: 'Check it and pin the algorithm: `jwt.decode(token, key, algorithms=["HS256"])`.',
    javascript:
      "Check it and pin the algorithm: `jwt.verify(token, key, { algorithms: ['HS256'] })`.",
  },
  sinks: [
    {
      language: 'python',
      call: ['jwt.decode', 'jose.jwt.decode', 'jwt.api_jwt.decode'],
      when: [{ arg: ['verify', 'options.verify_signature'], is: [false] }],
    },
    {
      language: 'python',
      call: ['jwt.decode', 'jose.jwt.decode'],
      when: [{ arg: ['algorithms', 2, 'algorithm'], matches: /^none$/i }],
    },
    { language: 'python', call: ['jose.jwt.{get_unverified_claims}'], confidence: 'medium' },
    {
      language: 'python',
      call: ['jwt.encode', 'jose.jwt.encode'],
      when: [{ arg: ['algorithm', 2], matches: /^none$/i }],
    },
    {
      language: 'python',
      call: ['jwt.process_jwt', 'jwt.decode_complete'],
      when: [{ arg: ['verify', 'options.verify_signature'], is: [false] }],
    },
    {
      language: 'python',
      option: ['verify_signature'],
      when: [{ arg: 0, is: [false] }],
      imports: ['jwt', 'jose'],
    },
    {
      language: 'javascript',
      call: [
        'jsonwebtoken.verify',
        'jwt.verify',
        '*.jwt.verify',
        'express-jwt',
        'express-jwt.expressjwt',
        'jose.jwtVerify',
        '*.jwtService.verify',
      ],
      when: [{ arg: ['2.algorithms', '0.algorithms', '1.algorithms'], matches: /^none$/i }],
    },
    {
      language: 'javascript',
      call: ['jsonwebtoken.verify'],
      when: [{ arg: 1, is: ['', null, false] }],
    },
    {
      language: 'javascript',
      call: ['jsonwebtoken.sign', 'jwt.sign'],
      when: [{ arg: '2.algorithm', matches: /^none$/i }],
    },
    { language: 'javascript', call: ['jwt-simple.decode'], when: [{ arg: 2, is: [true] }] },
    {
      language: 'javascript',
      call: ['jsonwebtoken.decode', 'jwt-decode', 'jwt-decode.jwtDecode', 'jose.decodeJwt'],
      confidence: 'medium',
      severity: 'high',
      imports: ['express', 'koa', 'fastify', 'jsonwebtoken', '@nestjs/common'],
      message: 'The token is read without checking its signature: what it says can be made up.',
    },
  ],
};

/** Options that switch expiry off. */
export const JWT_NO_EXPIRY: Rule = {
  id: 'jwt-expiry-ignored',
  title: 'Expired tokens accepted',
  cwe: 'CWE-613',
  owasp: OWASP.authentication,
  severity: 'medium',
  confidence: 'medium',
  message: 'The expiry of tokens is not checked, so that a stolen one works for ever.',
  recommendation: {
    python: 'Leave the check on: `jwt.decode(token, key, algorithms=["HS256"])`.',
    javascript: "Leave the check on: `jwt.verify(token, key, { algorithms: ['HS256'] })`.",
  },
  sinks: [
    {
      language: 'python',
      call: ['jwt.decode', 'jose.jwt.decode'],
      when: [{ arg: 'options.verify_exp', is: [false] }],
    },
    {
      language: 'javascript',
      call: ['jsonwebtoken.verify', '*.jwt.verify', 'jwt.verify'],
      when: [{ arg: '2.ignoreExpiration', is: [true] }],
    },
    { language: 'javascript', option: ['ignoreExpiration'], when: [{ arg: 0, is: [true] }] },
  ],
};

/** The key stands in the source. */
export const JWT_FIXED_KEY: Rule = {
  id: 'jwt-hard-coded-key',
  title: 'Tokens signed with a key from the source',
  cwe: 'CWE-798',
  owasp: OWASP.authentication,
  severity: 'high',
  message: 'The key that signs tokens stands in the source: whoever reads it can sign tokens.',
  recommendation: {
    python:
      'Take it from the environment: `jwt.encode(claims, os.environ["JWT_SECRET"], algorithm="HS256")`.',
    javascript: 'Take it from the environment: `jwt.sign(claims, process.env.JWT_SECRET)`.',
  },
  sinks: [
    {
      language: 'python',
      call: ['jwt.{encode,decode}', 'jose.jwt.{encode,decode}'],
      when: [{ arg: [1, 'key'], matches: /^[^\0]{3,}$/ }],
      unless: [
        { arg: [1, 'key'], matches: /BEGIN (RSA |EC )?PUBLIC/ },
        { arg: 'options.verify_signature', is: [false] },
      ],
    },
    {
      language: 'javascript',
      call: [
        'jsonwebtoken.{sign,verify}',
        'jwt.{sign,verify}',
        'jwt-simple.{encode,decode}',
        'jose.JWT.{sign,verify}',
      ],
      when: [{ arg: 1, matches: /^[^\0]{3,}$/ }],
      unless: [{ arg: 1, matches: /BEGIN (RSA |EC )?PUBLIC/ }],
    },
    {
      language: 'javascript',
      call: [
        'express-jwt',
        'express-jwt.expressjwt',
        'express-session',
        '@nestjs/jwt.JwtModule.register',
        'JwtModule.register',
        'cookie-session',
      ],
      when: [{ arg: '0.secret', matches: /^[^\0]{3,}$/ }],
    },
    { language: 'javascript', option: ['secretOrKey'], when: [{ arg: 0, matches: /^[^\0]{3,}$/ }] },
    {
      language: 'javascript',
      call: ['jose.JWK.asKey', 'jose.importJWK'],
      when: [{ arg: [0, '0.k'], matches: /^[^\0]{3,}$/ }],
      unless: [{ arg: 0, matches: /BEGIN (RSA |EC )?PUBLIC/ }],
    },
    {
      language: 'javascript',
      call: ['cookie-parser'],
      when: [{ arg: 0, matches: /^[^\0]{3,}$/ }],
      confidence: 'medium',
    },
  ],
};

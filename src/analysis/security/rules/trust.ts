import type { Trust } from '../rule.js';

/** Code, commands and statements: any dynamic value is suspicious, a plain parameter included. */
export const ANY_DYNAMIC: Trust = {
  request: 'high',
  browser: 'high',
  network: 'high',
  input: 'high',
  argv: 'medium',
  file: 'medium',
  env: 'low',
  param: 'medium',
  unknown: 'medium',
};

/** What only a remote party can abuse: the user of a command line may open any file of theirs anyway. */
export const FROM_REMOTE: Trust = {
  request: 'high',
  browser: 'high',
  network: 'medium',
  input: 'medium',
};

/** OWASP Top 10 of 2021. */
export const OWASP = {
  access: 'A01:2021 Broken Access Control',
  crypto: 'A02:2021 Cryptographic Failures',
  injection: 'A03:2021 Injection',
  design: 'A04:2021 Insecure Design',
  configuration: 'A05:2021 Security Misconfiguration',
  authentication: 'A07:2021 Identification and Authentication Failures',
  integrity: 'A08:2021 Software and Data Integrity Failures',
  logging: 'A09:2021 Security Logging and Monitoring Failures',
  ssrf: 'A10:2021 Server-Side Request Forgery',
} as const;

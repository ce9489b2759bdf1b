import { OWASP } from '../../security/rules/trust.js';

/** The category of the OWASP Top 10 of 2021 that a weakness is counted to, by its number in the CWE. */
const CATEGORIES: Readonly<Record<string, keyof typeof OWASP>> = {
  'CWE-22': 'access',
  'CWE-377': 'access',
  'CWE-732': 'access',
  'CWE-319': 'crypto',
  'CWE-326': 'crypto',
  'CWE-327': 'crypto',
  'CWE-338': 'crypto',
  'CWE-78': 'injection',
  'CWE-79': 'injection',
  'CWE-89': 'injection',
  'CWE-94': 'injection',
  'CWE-489': 'configuration',
  'CWE-605': 'configuration',
  'CWE-611': 'configuration',
  'CWE-295': 'authentication',
  'CWE-798': 'authentication',
  'CWE-502': 'integrity',
  'CWE-918': 'ssrf',
};

/** `null`: the Top 10 has no place for it. */
export function owaspOf(cwe: string): string | null {
  const category = CATEGORIES[cwe];
  return category === undefined ? null : OWASP[category];
}

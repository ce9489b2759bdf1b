import type { Confidence, Severity } from '../../findings/finding.js';
import { owaspOf } from './owasp.js';
import { RUFF_SECURITY } from '../ruff/ruff-security.js';

export interface SecurityRule {
  issue: string;
  cwe: string;
  /** Category of the OWASP Top 10 of 2021; `null`: it has no place for this weakness. */
  owasp: string | null;
  severity: Severity;
  confidence: Confidence;
  recommendation: string;
}

/** What is known of one of Ruff's S rules; `undefined`: only what Ruff itself says. */
export function securityRule(code: string): SecurityRule | undefined {
  const row = RUFF_SECURITY[code];
  if (!row) {
    return undefined;
  }
  const [issue, cwe, severity, confidence, recommendation] = row;
  return { issue, cwe, owasp: owaspOf(cwe), severity, confidence, recommendation };
}

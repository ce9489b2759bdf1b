import { SECURITY_RULES } from '../../security/analyze-security.js';
import { owaspOf } from './owasp.js';
import { RUFF_SECURITY } from '../ruff/ruff-security.js';

describe(owaspOf, () => {
  it('agrees with our own engine', () => {
    const shared = SECURITY_RULES.filter(({ cwe }) => owaspOf(cwe) !== null);
    expect(shared.length).toBeGreaterThan(10);
    expect(shared.map(({ id, cwe }) => [id, owaspOf(cwe)])).toEqual(
      shared.map(({ id, owasp }) => [id, owasp]),
    );
  });

  it('has a place for what Ruff finds, but for what the Top 10 has none for', () => {
    const homeless = Object.values(RUFF_SECURITY).filter(([, cwe]) => owaspOf(cwe) === null);
    expect([...new Set(homeless.map(([, cwe]) => cwe))].sort()).toEqual([
      'CWE-155',
      'CWE-400',
      'CWE-703',
    ]);
  });
});

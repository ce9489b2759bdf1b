import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SECURITY_RULES } from '../analyze-security.js';
import { languagesOf, rulesPage } from './rules-page.js';

const PAGE = fileURLToPath(new URL('../../../../docs/security-rules.md', import.meta.url));

describe('the page of rules', () => {
  if (process.env.UPDATE_DOCS) {
    writeFileSync(PAGE, rulesPage(SECURITY_RULES));
  }

  it('is what the rules say', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(rulesPage(SECURITY_RULES));
  });

  it('names a language for every rule', () => {
    expect(SECURITY_RULES.filter((rule) => languagesOf(rule).length === 0)).toEqual([]);
  });
});

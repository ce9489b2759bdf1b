import type { Language } from '../ir/ir.js';
import type { Rule } from '../rule.js';

const NAMES: Readonly<Record<Language, string>> = {
  python: 'Python',
  javascript: 'JavaScript, TypeScript',
};

/** The page of the documentation that lists all rules: `docs/security-rules.md`. */
export function rulesPage(rules: readonly Rule[]): string {
  const rows = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1)).map(row);
  return [
    '# Rules of the security engine',
    '',
    'Made from the rules themselves: `UPDATE_DOCS=1 npx jest rules-page --selectProjects unit` writes it anew.',
    'OWASP categories are those of the Top 10 of 2021.',
    '',
    ...aligned([HEAD, ...rows]),
    '',
  ].join('\n');
}

const HEAD = ['rule', 'what', 'CWE', 'OWASP', 'severity', 'languages'];

/** A table as the formatter of this project leaves it. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const [head = '', ...rest] = rows.map(
    (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest];
}

function row(rule: Rule): string[] {
  const number = rule.cwe.slice('CWE-'.length);
  const cwe = `[${rule.cwe}](https://cwe.mitre.org/data/definitions/${number}.html)`;
  const languages = languagesOf(rule).map((language) => NAMES[language]);
  return [`\`${rule.id}\``, rule.title, cwe, rule.owasp, rule.severity, languages.join(', ')];
}

/** Languages in which something can be found; a rule without a table says so by its remedies. */
export function languagesOf({ sinks, recommendation }: Rule): Language[] {
  const told = (['python', 'javascript'] as const).filter((language) => recommendation[language]);
  return sinks.length === 0
    ? told
    : told.filter((own) => sinks.some(({ language }) => (language ?? own) === own));
}

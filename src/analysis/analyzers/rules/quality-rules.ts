import type { Impact } from '../../findings/finding.js';
import { SYNTAX_RULE } from '../../verdict/score.js';
import { OXLINT_ADVICE } from '../oxlint/oxlint-advice.js';
import { OXLINT_DEFECTS } from '../oxlint/oxlint-defects.js';
import { OXLINT_SMELLS } from '../oxlint/oxlint-smells.js';
import { titleOf } from './report-text.js';
import type { QualityRule, RuleRow } from './rule-table.js';
import { RUFF_ADVICE } from '../ruff/ruff-advice.js';
import { RUFF_DEFECTS } from '../ruff/ruff-defects.js';
import { RUFF_SMELLS } from '../ruff/ruff-smells.js';

const SYNTAX: RuleRow = ['invalid-syntax', 'high', 30];

const RULES = new Map<string, QualityRule>([
  [
    SYNTAX_RULE,
    {
      ...toRule(SYNTAX, 'reliability'),
      advice: 'Mend the syntax errors: nothing else in these files is checked',
    },
  ],
  ...rulesOf(RUFF_DEFECTS, 'reliability', RUFF_ADVICE),
  ...rulesOf(RUFF_SMELLS, 'maintainability', RUFF_ADVICE),
  ...rulesOf(OXLINT_DEFECTS, 'reliability', OXLINT_ADVICE),
  ...rulesOf(OXLINT_SMELLS, 'maintainability', OXLINT_ADVICE),
]);

/** What is known of a linter's rule, by the id that its findings bear; of others, the least. */
export function qualityRule(ruleId: string): QualityRule {
  const other: RuleRow = [ruleId, 'low', 5];
  return RULES.get(ruleId) ?? { ...toRule(other, 'maintainability'), advice: undefined };
}

function rulesOf(
  table: Readonly<Record<string, RuleRow>>,
  impact: Impact,
  advice: Readonly<Record<string, string>>,
): [string, QualityRule][] {
  return Object.entries(table).map(([id, row]) => [
    id,
    { ...toRule(row, impact), advice: advice[id] },
  ]);
}

function toRule([name, severity, minutes]: RuleRow, impact: Impact): Omit<QualityRule, 'advice'> {
  return { issue: titleOf(name), severity, impact, minutes };
}

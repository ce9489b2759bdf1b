import { execFileSync } from 'node:child_process';
import { qualityRule } from '../rules/quality-rules.js';
import { OXLINT_ADVICE } from './oxlint-advice.js';
import { OXLINT_CONFIG } from './oxlint-config.js';
import { OXLINT_DEFECTS } from './oxlint-defects.js';
import { OXLINT_SMELLS } from './oxlint-smells.js';

interface KnownRule {
  scope: string;
  value: string;
  type_aware: boolean;
}

const ours = [...Object.keys(OXLINT_DEFECTS), ...Object.keys(OXLINT_SMELLS)];

describe('OXLINT_CONFIG', () => {
  it('names rules that oxlint has, and that need no types', () => {
    const program = 'node_modules/oxlint/bin/oxlint';
    const args = [program, '--rules', '--format', 'json'];
    const known = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as [];
    const names = known
      .filter(({ type_aware }: KnownRule) => !type_aware)
      .map(({ scope, value }: KnownRule) => (scope === 'eslint' ? value : `${scope}/${value}`));
    expect(names.length).toBeGreaterThan(500);
    expect(ours.filter((rule) => !names.includes(rule))).toEqual([]);
  });

  it('switches on the rules of our tables and no others', () => {
    const { rules, overrides } = OXLINT_CONFIG;
    const on = [...Object.keys(rules), ...Object.keys(overrides[0]?.rules ?? {})];
    expect(on.sort()).toEqual([...ours].sort());
    expect(OXLINT_CONFIG.categories).toEqual({ correctness: 'off' });
  });

  it('names the plugin of every rule', () => {
    const plugins = ours.map((rule) => (rule.includes('/') ? rule.split('/')[0] : 'eslint'));
    expect([...new Set(plugins)].sort()).toEqual([...OXLINT_CONFIG.plugins].sort());
  });

  it('gives advice on its own rules only', () => {
    expect(Object.keys(OXLINT_ADVICE).filter((rule) => !ours.includes(rule))).toEqual([]);
  });

  it('has each rule in one table', () => {
    expect(ours.filter((rule) => rule in OXLINT_DEFECTS && rule in OXLINT_SMELLS)).toEqual([]);
    expect(ours.filter((rule) => qualityRule(rule).issue === rule)).toEqual([]);
  });
});

import { OXLINT_DEFECTS } from './oxlint-defects.js';
import { OXLINT_SMELLS } from './oxlint-smells.js';

const PLUGINS = ['eslint', 'import', 'node', 'oxc', 'promise', 'react', 'typescript', 'unicorn'];

/** Where oxlint's own defaults find what is common and harmless. */
const OPTIONS: Readonly<Record<string, object>> = {
  // Counts every && and ?: as well, which McCabe's number does not: 15 here are about 10 of Python's.
  complexity: { max: 15 },
  'max-depth': { max: 5 },
  'max-lines-per-function': { max: 150, skipBlankLines: true, skipComments: true },
  'max-nested-callbacks': { max: 4 },
  'max-params': { max: 7 },
  'no-constant-condition': { checkLoops: false },
  'no-redeclare': { builtinGlobals: false },
  'no-unused-expressions': {
    allowShortCircuit: true,
    allowTernary: true,
    allowTaggedTemplates: true,
  },
  // A signature is often somebody else's to choose, and rest siblings are how a property is left out.
  // A name that begins with _ says so itself.
  'no-unused-vars': {
    args: 'none',
    caughtErrors: 'none',
    ignoreRestSiblings: true,
    argsIgnorePattern: '^_',
    caughtErrorsIgnorePattern: '^_',
    destructuredArrayIgnorePattern: '^_',
    varsIgnorePattern: '^_',
  },
};

/** Allows `== null`, which is short for two comparisons, and where both types are known. */
const WORDS: Readonly<Record<string, string>> = { eqeqeq: 'smart' };

/** Stands in the names of files with React's components and hooks: no others are held to its rules. */
export const REACT_TRAIT = 'react';

const RULES = [...Object.keys(OXLINT_DEFECTS), ...Object.keys(OXLINT_SMELLS)].sort();
const isReact = (rule: string) => rule.startsWith('react/');

/** The whole configuration: nothing of the project's own counts, and no rule that our tables don't name is on. */
export const OXLINT_CONFIG = {
  plugins: PLUGINS,
  categories: { correctness: 'off' },
  rules: entries(RULES.filter((rule) => !isReact(rule))),
  overrides: [
    { files: [`*.${REACT_TRAIT}.*`], rules: entries(RULES.filter(isReact)) },
    {
      // There a name may stand for a type, for a value and for several signatures.
      files: ['*.ts', '*.tsx', '*.mts', '*.cts'],
      rules: { 'no-redeclare': 'off' },
    },
  ],
};

function entries(rules: readonly string[]): Record<string, unknown[]> {
  return Object.fromEntries(
    rules.map((rule) => [
      rule,
      ['warn', WORDS[rule], OPTIONS[rule]].filter((part) => part !== undefined),
    ]),
  );
}

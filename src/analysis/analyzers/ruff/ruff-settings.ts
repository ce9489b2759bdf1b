import { RUFF_DEFECTS } from './ruff-defects.js';
import { RUFF_SECURITY } from './ruff-security.js';
import { RUFF_SMELLS } from './ruff-smells.js';

/** Calls in defaults that FastAPI and Typer are meant to be used by: package to names. */
export const DEFAULTS_BY_CALL = {
  fastapi: ['Body', 'Cookie', 'Depends', 'File', 'Form', 'Header', 'Path', 'Query', 'Security'],
  typer: ['Argument', 'Option'],
};

/** Every rule by its full code: whatever is not in our tables is off. */
export const RUFF_RULES: readonly string[] = [
  ...Object.keys(RUFF_DEFECTS),
  ...Object.keys(RUFF_SMELLS),
  ...Object.keys(RUFF_SECURITY),
];

/** The options of Ruff's `Workspace`. It takes unknown names in silence: a test asks it for all of ours. */
export const RUFF_SETTINGS = {
  'line-length': 120,
  lint: {
    select: RUFF_RULES,
    'flake8-bugbear': {
      'extend-immutable-calls': Object.entries(DEFAULTS_BY_CALL).flatMap(([module, names]) =>
        names.map((name) => `${module}.${name}`),
      ),
    },
    mccabe: { 'max-complexity': 10 },
    pylint: { 'max-args': 7 },
  },
};

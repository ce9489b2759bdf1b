import { CAPABILITIES, type FrameworkCapabilities } from '../../blueprints/capabilities.js';
import { packagePins } from '../../blueprints/node/pinned-packages.js';
import { pinnedPython } from '../../blueprints/pinned-requirements.js';
import { FRAMEWORKS, type Framework, type ProjectSpec } from '../../blueprints/project-spec.js';

/** What a model is told of a language: how its code is checked, and with which packages. */
interface LanguageRules {
  title: string;
  /** One line a check, as a person would run it. */
  checks(spec: ProjectSpec): string[];
  /** Names of what is installed. */
  packages(): Iterable<string>;
}

const PYTHON: LanguageRules = {
  title: 'Python',
  checks: ({ database, includeTests }) => [
    'types: `mypy --strict .`',
    'lint: `ruff check .` with the configuration of the project',
    'format: `ruff format --check .` (files you wrote are formatted for you when you are done)',
    `smoke: \`uvicorn --factory app.main:create_app\`${database === 'none' ? '' : ', after `alembic upgrade head`'}; ` +
      '/health/live, /health/ready and /openapi.json answer 200',
    ...(includeTests
      ? ['tests: pytest with coverage of the package app; at least one test, none failing']
      : []),
  ],
  packages: () => pinnedPython().keys(),
};

const TYPESCRIPT: LanguageRules = {
  title: 'TypeScript',
  checks: ({ database, includeTests }) => [
    'types: `tsc -p tsconfig.json --noEmit`',
    'lint: `eslint --max-warnings 0 .` with the configuration of the project',
    'format: `prettier --list-different .` (files you wrote are formatted for you when you are done)',
    `smoke: \`tsc -p tsconfig.build.json\`, then ${database === 'none' ? '' : '`node dist/migrate.js` and '}` +
      '`node dist/main.js` with PORT in the environment; /health/live, /health/ready and /openapi.json answer 200',
    ...(includeTests
      ? [
          'tests: vitest on **/*.test.ts with coverage of src; at least one test, none failing or left out; of vitest.config only globalSetup, setupFiles, timeouts, globals, isolation and env count',
        ]
      : []),
  ],
  packages: () => Object.keys(packagePins().dependencies),
};

const RULES: Record<Framework, LanguageRules> = {
  fastapi: PYTHON,
  express: TYPESCRIPT,
  nestjs: TYPESCRIPT,
};

/** What a model's code can be verified in: all that the checks of the offline engine know. */
export const VERIFIED_FRAMEWORKS: readonly FrameworkCapabilities[] = CAPABILITIES;

/** As texts for people name them. */
export const VERIFIED_LANGUAGES = [
  ...new Set(VERIFIED_FRAMEWORKS.map(({ name }) => RULES[name].title)),
];

export function rulesOf(framework: Framework): LanguageRules {
  return RULES[framework];
}

/** The framework that a model means, such as `Nest.js`; `null`: none that can be verified. */
export function verifiedFramework(name: string): Framework | null {
  const asked = name.toLowerCase().replace(/[^a-z]/g, '');
  const found = VERIFIED_FRAMEWORKS.find(
    (each) => each.name === asked || `${asked}js` === each.name || asked === `${each.name}js`,
  );
  return FRAMEWORKS.find((each) => each === found?.name) ?? null;
}

/** Whether code in this language can be verified; JavaScript is written as TypeScript. */
export function isVerifiedLanguage(name: string): boolean {
  return /^(python|typescript|javascript|node(\.?js)?)\b/i.test(name.trim());
}

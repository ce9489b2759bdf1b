/** One transform and one resolver for every tier; the tiers differ only in where their files lie. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // The built product holds copies of the sources' packages.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // The package is CommonJS and requires Nest, which is ES modules only: Node can do that, jest on Node 20 can't.
  transformIgnorePatterns: ['/node_modules/(?!@nestjs/throttler/)'],
  transform: {
    'node_modules/@nestjs/throttler/.+\\.js$': '<rootDir>/test/support/commonjs-to-esm.mjs',
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          // As in tsconfig.json: a declared field without a value must not become `undefined`.
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
          },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

/** One PostgreSQL server for the run; `test/support/postgres.ts` gives each suite a database of its own on it. */
const withPostgres = {
  ...shared,
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

export default {
  // Two files at a time: they wait more than they compute, and with more the limits on time would measure the machine.
  maxWorkers: 2,
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
    },
    { ...withPostgres, displayName: 'integration', testMatch: ['<rootDir>/test/**/*.int-spec.ts'] },
    { ...withPostgres, displayName: 'e2e', testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'] },
    { ...withPostgres, displayName: 'security', testMatch: ['<rootDir>/test/**/*.sec-spec.ts'] },
    { ...withPostgres, displayName: 'faults', testMatch: ['<rootDir>/test/**/*.fault-spec.ts'] },
  ],
};

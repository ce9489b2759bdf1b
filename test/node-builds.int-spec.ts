import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProjectSpec } from '../src/build/blueprints/project-spec.js';
import { renderProject } from '../src/build/blueprints/render-project.js';
import type { CheckName, CheckOutcome } from '../src/build/verify/check.js';
import { nodeChecks } from '../src/build/verify/node-checks.js';
import { Verifier } from '../src/build/verify/verifier.js';
import { loadConfig } from '../src/config/load-config.js';
import { createSandbox } from '../src/infra/sandbox/create-sandbox.js';
import { ProcessSandbox } from '../src/infra/sandbox/process-sandbox.js';
import type { Sandbox } from '../src/infra/sandbox/sandbox.js';
import { NodeToolchain, type NodeTools } from '../src/toolchains/node-toolchain.js';

const SPEC: ProjectSpec = {
  projectName: 'sample',
  framework: 'express',
  database: 'none',
  features: ['health'],
  resources: [],
  includeTests: true,
  notes: [],
};

const BOOK: ProjectSpec['resources'][number] = {
  name: 'book',
  fields: [
    { name: 'title', type: 'string', required: true, unique: false, max: 200 },
    { name: 'isbn', type: 'string', required: true, unique: true, min: 10, max: 13 },
    { name: 'price', type: 'decimal', required: false, unique: false, min: 0 },
    { name: 'details', type: 'json', required: true, unique: false },
  ],
  belongsTo: [],
  readableBy: 'everyone',
  deletableBy: 'admin',
};

const BUILD_MS = 240_000;

/** Real tools on real projects, and on projects with one thing wrong each. */
describe('verification of a TypeScript project', () => {
  let sandbox: Sandbox;
  let tools: NodeTools;

  beforeAll(async () => {
    sandbox = await createSandbox('auto', () => undefined);
    const config = loadConfig({ TOOLCHAIN_DIR: join(tmpdir(), 'goalsmith-test-toolchains') });
    tools = await new NodeToolchain(config).prepare();
  }, 300_000);

  interface Attempt {
    spec?: Partial<ProjectSpec>;
    /** Path -> text; `null`: without this file. */
    changes?: Record<string, string | null>;
    only?: CheckName[];
    env?: Record<string, string>;
    where?: Sandbox;
  }

  async function verify(attempt: Attempt): Promise<Record<string, CheckOutcome>> {
    const spec = { ...SPEC, ...attempt.spec };
    const files = new Map(renderProject(spec));
    for (const [path, text] of Object.entries(attempt.changes ?? {})) {
      if (text === null) {
        files.delete(path);
      } else {
        files.set(path, Buffer.from(text));
      }
    }
    const { checks, mounts } = await nodeChecks(spec, tools);
    const { only } = attempt;
    const { checks: outcomes } = await new Verifier(
      attempt.where ?? sandbox,
      loadConfig(attempt.env ?? {}),
    ).verify(
      checks.filter(({ name }) => only === undefined || only.includes(name)),
      { files, mounts, trust: 'blueprint' },
      new AbortController().signal,
      () => Promise.resolve(),
    );
    return Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome]));
  }

  function failed(outcomes: Record<string, CheckOutcome>): string[] {
    return Object.values(outcomes)
      .filter((outcome) => !outcome.passed)
      .map((outcome) => `${outcome.name}: ${JSON.stringify(outcome.report)}`);
  }

  it.each<[string, number, Partial<ProjectSpec>]>([
    ['express/sqlite/auth', 110, { database: 'sqlite', features: ['auth', 'health'] }],
    ['express/none/a resource', 55, { resources: [BOOK] }],
    [
      'nestjs/postgresql/auth and a resource',
      140,
      {
        framework: 'nestjs',
        database: 'postgresql',
        features: ['auth', 'health'],
        resources: [BOOK],
      },
    ],
  ])(
    'passes what the blueprints write: %s',
    async (_, leastTests, spec) => {
      const outcomes = await verify({ spec });

      expect(failed(outcomes)).toEqual([]);
      expect(outcomes['types']?.report['type_errors']).toBe(0);
      expect(outcomes['lint']?.report['lint_errors']).toBe(0);
      expect(outcomes['tests']?.report['tests_passed']).toBeGreaterThan(leastTests);
      expect(outcomes['tests']?.report['tests_passed']).toBe(
        outcomes['tests']?.report['collected'],
      );
      expect(outcomes['tests']?.report['test_coverage']).toBeGreaterThanOrEqual(90);
      expect(outcomes['smoke']?.report['answers']).toEqual({
        '/health/live': 200,
        '/health/ready': 200,
        '/openapi.json': 200,
      });
    },
    BUILD_MS,
  );

  it(
    'meets a real PostgreSQL also where nothing isolates',
    async () => {
      const where = new ProcessSandbox({ acceptsUntrusted: false, reason: 'a test' });
      const outcomes = await verify({
        spec: { database: 'postgresql' },
        only: ['tests', 'smoke'],
        where,
      });

      expect(failed(outcomes)).toEqual([]);
    },
    BUILD_MS,
  );

  it(
    'finds a type error, an unused variable and a wrong format where they are',
    async () => {
      const outcomes = await verify({
        changes: { 'src/extra.ts': 'const unused = 1;\nexport const half: string =   1 / 2;\n' },
        only: ['types', 'lint', 'format'],
      });

      expect(outcomes['types']).toMatchObject({
        passed: false,
        report: {
          type_errors: 2,
          findings: [
            { file: 'src/extra.ts', line: 1, code: 'TS6133' },
            { file: 'src/extra.ts', line: 2, code: 'TS2322' },
          ],
        },
      });
      expect(outcomes['lint']).toMatchObject({
        passed: false,
        report: {
          lint_errors: 1,
          findings: [{ file: 'src/extra.ts', line: 1, code: '@typescript-eslint/no-unused-vars' }],
        },
      });
      expect(outcomes['format']).toMatchObject({
        passed: false,
        report: { unformatted_files: 1, files: ['src/extra.ts'] },
      });
    },
    BUILD_MS,
  );

  it(
    'counts a failing test, and a file that can not be loaded',
    async () => {
      const { tests } = await verify({
        changes: {
          'test/wrong.test.ts':
            "import { expect, test } from 'vitest';\ntest('wrong', () => {\n  expect(1 + 1).toBe(3);\n});\n",
          'test/unloadable.test.ts': "import './missing.js';\n",
        },
        only: ['tests'],
      });

      expect(tests).toMatchObject({ passed: false, exitCode: 1, report: { tests_failed: 1 } });
      expect(tests?.report['failures']).toEqual([
        expect.objectContaining({ test: 'test/unloadable.test.ts' }),
        expect.objectContaining({ test: 'test/wrong.test.ts > wrong' }),
      ]);
    },
    BUILD_MS,
  );

  it(
    'notices a service that does not start, and one that does not answer',
    async () => {
      const starts = await verify({
        changes: { 'src/main.ts': "throw new Error('broken');\n" },
        only: ['smoke'],
      });
      const answers = await verify({
        changes: {
          'src/main.ts':
            "import { createServer } from 'node:http';\ncreateServer((_, response) => response.writeHead(503).end()).listen(3000);\n",
        },
        only: ['smoke'],
      });

      expect(starts['smoke']).toMatchObject({ passed: false, report: { ready_ms: null } });
      expect(answers['smoke']).toMatchObject({
        passed: false,
        report: { answers: { '/health/live': 503 } },
      });
    },
    BUILD_MS,
  );

  const GREEN = '{"exit_status":0,"collected":99,"passed":99,"failed":0,"skipped":0}';

  it.each([
    ['ends the run early as if all were well', 'test/cheat.test.ts', 'process.exit(0);\n'],
    [
      'ends the runner itself',
      'test/cheat.test.ts',
      "process.kill(process.ppid, 'SIGKILL');\nexport {};\n",
    ],
    [
      'writes a report of its own and leaves',
      'test/cheat.test.ts',
      `import { writeSync } from 'node:fs';\nwriteSync(4, '${GREEN}');\nprocess.exit(0);\n`,
    ],
    [
      'sits in the configuration and leaves',
      'vitest.config.ts',
      `import { writeSync } from 'node:fs';\ntry {\n  writeSync(4, '${GREEN}');\n} finally {\n  process.exit(0);\n}\n`,
    ],
  ])(
    'does not believe a test that %s',
    async (_, path, text) => {
      const { tests } = await verify({ changes: { [path]: text }, only: ['tests'] });

      expect(tests).toMatchObject({ passed: false });
      expect(tests?.report['tests_passed'] ?? 0).not.toBe(99);
    },
    BUILD_MS,
  );

  it(
    'takes no file of the project for one of the tools',
    async () => {
      const outcomes = await verify({
        changes: { 'node_modules/typescript/bin/tsc': 'process.exit(0);\n' },
        only: ['types'],
      });

      expect(outcomes['types']).toMatchObject({ passed: false });
    },
    BUILD_MS,
  );

  it(
    'stops a test that hangs at the time limit of a command',
    async () => {
      const { tests } = await verify({
        changes: { 'test/slow.test.ts': 'for (;;);\n' },
        only: ['tests'],
        env: { COMMAND_TIMEOUT_SECONDS: '20' },
      });

      expect(tests).toMatchObject({ passed: false, stopped: 'timeout' });
    },
    BUILD_MS,
  );
});

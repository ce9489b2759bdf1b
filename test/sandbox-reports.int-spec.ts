import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProjectSpec } from '../src/build/blueprints/project-spec.js';
import { renderProject } from '../src/build/blueprints/render-project.js';
import type { CheckOutcome } from '../src/build/verify/check.js';
import { nodeChecks } from '../src/build/verify/node-checks.js';
import { pythonChecks } from '../src/build/verify/python-checks.js';
import { Verifier } from '../src/build/verify/verifier.js';
import { loadConfig } from '../src/config/load-config.js';
import { createSandbox } from '../src/infra/sandbox/create-sandbox.js';
import type { Sandbox } from '../src/infra/sandbox/sandbox.js';
import { NodeToolchain } from '../src/toolchains/node-toolchain.js';
import { PythonToolchain } from '../src/toolchains/python-toolchain.js';
import { NODE_TAMPERING, WRONG_NODE_TEST } from './support/node-report-tampering.js';

const SPEC: ProjectSpec = {
  ...{ projectName: 'sample', framework: 'fastapi', database: 'none' },
  ...{ features: ['health'], resources: [], includeTests: true, notes: [] },
};
/** Each project has it, and has to fail for it. */
const WRONG = 'def test_wrong() -> None:\n    assert 1 + 1 == 3\n';
const FORGED = JSON.stringify({
  ...{ exit_status: 0, collected: 99, passed: 99, failed: 0, skipped: 0, failures: [], seconds: 1 },
  coverage: { lines: 1, covered: 1, files: {} },
});

/** What a project may do so that its failing test isn't seen. */
const TAMPERING: [string, Record<string, string>][] = [
  [
    'reports that were written beforehand',
    {
      '.coverage': 'SQLite format 3',
      'coverage.xml': '<coverage line-rate="1"/>',
      'coverage.json': '{"totals": {"percent_covered": 100}}',
      'junit.xml': '<testsuite tests="99" failures="0"/>',
      'report.json': FORGED,
    },
  ],
  ['sys.exit(0) in a test', { 'tests/test_a.py': 'import sys\n\nsys.exit(0)\n' }],
  ['sys.exit(0) in conftest.py', { 'tests/conftest.py': 'import sys\n\nsys.exit(0)\n' }],
  [
    'os._exit(0) at the end',
    { 'conftest.py': 'import os\n\n\ndef pytest_sessionfinish():\n    os._exit(0)\n' },
  ],
  [
    'a forged report on every descriptor',
    {
      'conftest.py': `import os\n\nfor fd in range(3, 64):\n    try:\n        os.write(fd, ${JSON.stringify(FORGED)}.encode())\n    except OSError:\n        pass\nos._exit(0)\n`,
    },
  ],
  [
    'a plugin that turns results over',
    {
      'conftest.py':
        'import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    outcome = yield\n    outcome.get_result().outcome = "passed"\n',
    },
  ],
  [
    'a plugin that deselects what fails',
    {
      'conftest.py':
        'def pytest_collection_modifyitems(items):\n    items[:] = [item for item in items if item.name != "test_wrong"]\n',
    },
  ],
  [
    'settings that ignore a file',
    { 'pytest.ini': '[pytest]\naddopts = --ignore=tests/test_wrong.py\n' },
  ],
  [
    'a plugin that swallows what is raised',
    {
      'conftest.py':
        'import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_pyfunc_call(pyfuncitem):\n    outcome = yield\n    outcome.force_result(True)\n',
    },
  ],
  ['settings that leave tests out', { 'pytest.ini': '[pytest]\naddopts = -k health\n' }],
  [
    'a runner that finds its reporter changed',
    {
      'conftest.py':
        'import gc\n\n\ndef pytest_sessionfinish(session):\n    session.exitstatus = 0\n    for each in gc.get_objects():\n        if type(each).__name__ == "Reporter":\n            each.outcomes = {name: "passed" for name in each.outcomes}\n            each.failures = []\n',
    },
  ],
];

/** How the projects of one language are made and checked. */
interface Language {
  framework: ProjectSpec['framework'];
  wrong: { path: string; text: string };
  attacks: [string, Record<string, string>][];
  /** Tests of the scaffold that only take time here. */
  leftOut?: RegExp;
}

const LANGUAGES: Language[] = [
  {
    framework: 'fastapi',
    wrong: { path: 'tests/test_wrong.py', text: WRONG },
    attacks: TAMPERING,
  },
  {
    framework: 'express',
    wrong: WRONG_NODE_TEST,
    attacks: NODE_TAMPERING,
    leftOut: /^test\/(?!health)\w+\.test\.ts$/,
  },
];

describe.each(LANGUAGES)(
  'projects with $framework that tamper with their own report',
  ({ framework, wrong, attacks, leftOut }) => {
    const spec = { ...SPEC, framework };
    const results = new Map<string, string>();
    let sandbox: Sandbox;
    let plan: Awaited<ReturnType<typeof pythonChecks>>;

    beforeAll(async () => {
      sandbox = await createSandbox('auto', () => undefined);
      const config = loadConfig({ TOOLCHAIN_DIR: join(tmpdir(), 'goalsmith-test-toolchains') });
      plan =
        framework === 'fastapi'
          ? await pythonChecks(spec, await new PythonToolchain(config).prepare())
          : await nodeChecks(spec, await new NodeToolchain(config).prepare());
    }, 300_000);

    afterAll(() => {
      const rows = [...results].map(
        ([name, result]) => `| ${name.padEnd(48)} | ${result.padEnd(9)} |`,
      );
      const title = `report tampered with, ${framework}`;
      process.stdout.write(
        `| ${title.padEnd(48)} | result    |\n| ${'-'.repeat(48)} | --------- |\n${rows.join('\n')}\n`,
      );
    });

    async function testsOf(changes: Record<string, string>): Promise<CheckOutcome | undefined> {
      const files = new Map([...renderProject(spec)].filter(([path]) => !leftOut?.test(path)));
      for (const [path, text] of Object.entries(changes)) {
        files.set(path, Buffer.from(text));
      }
      const { checks: outcomes } = await new Verifier(sandbox, loadConfig({})).verify(
        plan.checks.filter(({ name }) => name === 'tests'),
        { files, mounts: plan.mounts, trust: 'blueprint' },
        new AbortController().signal,
        () => Promise.resolve(),
      );
      return outcomes.find(({ name }) => name === 'tests');
    }

    it.each(attacks)(
      'attack: %s',
      async (name, files) => {
        const tests = await testsOf({ [wrong.path]: wrong.text, ...files });
        results.set(name, tests?.passed === false ? 'noticed' : 'SUCCEEDS');
        expect(tests).toMatchObject({ passed: false });
        expect(tests?.report['tests_passed'] ?? 0).not.toBe(99);
      },
      120_000,
    );

    it('passes without the failing test', async () => {
      expect(await testsOf({})).toMatchObject({ passed: true });
    }, 120_000);
  },
);

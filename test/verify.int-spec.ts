import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAPABILITIES } from '../src/build/blueprints/capabilities.js';
import type { ProjectSpec } from '../src/build/blueprints/project-spec.js';
import { renderProject } from '../src/build/blueprints/render-project.js';
import type { CheckOutcome } from '../src/build/verify/check.js';
import { pythonChecks } from '../src/build/verify/python-checks.js';
import { Verifier } from '../src/build/verify/verifier.js';
import { loadConfig } from '../src/config/load-config.js';
import { createSandbox } from '../src/infra/sandbox/create-sandbox.js';
import { ProcessSandbox } from '../src/infra/sandbox/process-sandbox.js';
import type { Sandbox } from '../src/infra/sandbox/sandbox.js';
import { PythonToolchain, type PythonTools } from '../src/toolchains/python-toolchain.js';

const SPEC: ProjectSpec = {
  projectName: 'sample',
  framework: CAPABILITIES[0]!.name,
  database: 'none',
  features: ['health'],
  resources: [],
  includeTests: true,
  notes: [],
};

/** Real tools on projects with one thing wrong each: what is wrong is found, and nothing else. */
describe('verification of a Python project', () => {
  let sandbox: Sandbox;
  let tools: PythonTools;

  beforeAll(async () => {
    sandbox = await createSandbox('auto', () => undefined);
    const config = loadConfig({ TOOLCHAIN_DIR: join(tmpdir(), 'goalsmith-test-toolchains') });
    tools = await new PythonToolchain(config).prepare();
  }, 300_000);

  async function verify(
    changes: Record<string, string | null>,
    env: Record<string, string> = {},
  ): Promise<Record<string, CheckOutcome>> {
    const files = new Map(renderProject(SPEC));
    for (const [path, text] of Object.entries(changes)) {
      if (text === null) {
        files.delete(path);
      } else {
        files.set(path, Buffer.from(text));
      }
    }
    const { checks, mounts } = await pythonChecks(SPEC, tools);
    const { checks: outcomes } = await new Verifier(sandbox, loadConfig(env)).verify(
      checks,
      { files, mounts, trust: 'blueprint' },
      new AbortController().signal,
      () => Promise.resolve(),
    );
    return Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome]));
  }

  function failed(outcomes: Record<string, CheckOutcome>): string[] {
    return Object.values(outcomes)
      .filter((outcome) => !outcome.passed)
      .map((outcome) => outcome.name);
  }

  it('passes what the blueprints write', async () => {
    const outcomes = await verify({});
    expect(failed(outcomes)).toEqual([]);
    expect(outcomes['tests']?.report['tests_passed']).toBeGreaterThan(5);
    expect(outcomes['tests']?.report['test_coverage']).toBeGreaterThanOrEqual(90);
    expect(outcomes['smoke']?.report['answers']).toEqual({
      '/health/live': 200,
      '/health/ready': 200,
      '/openapi.json': 200,
    });
  });

  it('meets a real PostgreSQL also where nothing isolates', async () => {
    const spec: ProjectSpec = { ...SPEC, database: 'postgresql' };
    const { checks, mounts } = await pythonChecks(spec, tools);
    const { checks: outcomes } = await new Verifier(
      new ProcessSandbox({ acceptsUntrusted: false, reason: 'a test' }),
      loadConfig({}),
    ).verify(
      checks,
      { files: renderProject(spec), mounts, trust: 'blueprint' },
      new AbortController().signal,
      () => Promise.resolve(),
    );
    expect(outcomes.filter((outcome) => !outcome.passed)).toEqual([]);
  });

  it('finds a type error, an unused import and a wrong format where they are', async () => {
    const outcomes = await verify({
      'app/extra.py':
        '"""Extra."""\n\nimport os\n\n\ndef half(number: int) -> int:\n    return   number / 2\n',
    });
    expect(failed(outcomes).sort()).toEqual(['format', 'lint', 'types']);
    expect(outcomes['types']?.report).toMatchObject({
      type_errors: 1,
      findings: [{ file: 'app/extra.py', line: 7 }],
    });
    expect(outcomes['lint']?.report['findings']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: 'app/extra.py', line: 3, code: 'F401' }),
      ]),
    );
    expect(outcomes['format']?.report['files']).toEqual(['app/extra.py']);
  });

  it('counts a failing test', async () => {
    const outcomes = await verify({
      'tests/test_extra.py': '"""Extra."""\n\n\ndef test_wrong() -> None:\n    assert 1 + 1 == 3\n',
    });
    expect(failed(outcomes)).toContain('tests');
    expect(outcomes['tests']?.report).toMatchObject({
      tests_failed: 1,
      failures: [{ test: 'tests/test_extra.py::test_wrong' }],
    });
  });

  it('notices a service that does not start', async () => {
    const outcomes = await verify({
      'app/main.py': '"""Broken."""\n\n\ndef create_app() -> None:\n    raise RuntimeError\n',
    });
    expect(failed(outcomes)).toContain('smoke');
    expect(outcomes['smoke']?.report['ready_ms']).toBeNull();
  });

  it.each([
    ['ends the run early as if all were well', 'import os\n\nos._exit(0)\n'],
    ['exits in the middle', 'import sys\n\nsys.exit(0)\n'],
    [
      'writes a report of its own and leaves',
      'import os\n\nos.write(4, b\'{"exit_status": 0, "passed": 99}\')\nos._exit(0)\n',
    ],
  ])('does not believe a test that %s', async (_, text) => {
    const { tests } = await verify({ 'tests/test_cheat.py': text });
    expect(tests).toMatchObject({ passed: false });
    expect(tests?.report['tests_passed'] ?? 0).not.toBe(99);
  });

  it('takes no module of the project for one of the tools', async () => {
    const impostor = 'import sys\n\nsys.exit(0)\n';
    const names = ['mypy.py', 'ruff.py', 'pytest.py', 'coverage.py', 'typing.py', 'json.py'];
    const outcomes = await verify({
      ...Object.fromEntries(names.map((name) => [name, impostor])),
      'tests/test_extra.py': '"""Extra."""\n\n\ndef test_wrong() -> None:\n    assert 1 + 1 == 3\n',
    });
    expect(outcomes['lint']?.passed).toBe(false);
    expect(outcomes['tests']?.passed).toBe(false);
    expect(outcomes['types']?.passed).toBe(false);
  });

  it('stops a test that hangs at the time limit of a command', async () => {
    const outcomes = await verify(
      { 'tests/test_slow.py': 'import time\n\n\ndef test_slow() -> None:\n    time.sleep(600)\n' },
      { COMMAND_TIMEOUT_SECONDS: '8' },
    );
    expect(outcomes['tests']).toMatchObject({
      passed: false,
      stopped: 'timeout',
      report: { problem: 'Command execution timeout' },
    });
  });
});

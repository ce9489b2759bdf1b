import { fileURLToPath } from 'node:url';
import type { SandboxMount } from '../../infra/sandbox/sandbox.js';
import { findPostgresBinaries } from '../../infra/database/embedded/embedded-binaries.js';
import type { ProjectSpec } from '../blueprints/project-spec.js';
import type { Check } from './check.js';
import { readMypy, readRuff, readRuffFormat } from './python-reports.js';
import { readSmoke, readTests } from './runner-reports.js';
import type { PythonTools } from '../../toolchains/python-toolchain.js';

/** Our own scripts, and where a sandboxed command sees them and the database. */
const SCRIPTS = fileURLToPath(new URL('templates/python', import.meta.url));
const TOOLKIT = '/toolkit';
const POSTGRES = '/postgres';
const SMOKE_PORT = '8000';

/** What a Python project of this specification must pass. */
export async function pythonChecks(
  spec: ProjectSpec,
  tools: PythonTools,
): Promise<{ checks: Check[]; mounts: SandboxMount[] }> {
  const { python } = tools;
  const onPostgres = spec.database === 'postgresql';
  // The tests and the service meet the database that was asked for, not a stand-in.
  const besideDatabase = onPostgres
    ? [python, `${TOOLKIT}/with_postgres.py`, `${POSTGRES}/bin`, '--']
    : [];
  const checks: Check[] = [
    {
      name: 'types',
      title: 'Type check',
      argv: [
        python,
        `${TOOLKIT}/run_mypy.py`,
        tools.mypyCache,
        '--strict',
        '--output',
        'json',
        '.',
      ],
      read: readMypy,
    },
    {
      name: 'lint',
      title: 'Lint',
      argv: [python, '-I', '-m', 'ruff', 'check', '--no-cache', '--output-format', 'json', '.'],
      read: readRuff,
    },
    {
      name: 'format',
      title: 'Format check',
      argv: [
        ...[python, '-I', '-m', 'ruff', 'format', '--no-cache'],
        ...['--check', '--output-format', 'json', '.'],
      ],
      read: readRuffFormat,
    },
    {
      name: 'smoke',
      title: 'Start the service',
      argv: [
        ...besideDatabase,
        ...[
          python,
          `${TOOLKIT}/smoke.py`,
          SMOKE_PORT,
          '/health/live',
          '/health/ready',
          '/openapi.json',
        ],
        ...(spec.database === 'none' ? [] : ['--', python, '-m', 'alembic', 'upgrade', 'head']),
        '--',
        ...[
          python,
          '-m',
          'uvicorn',
          '--factory',
          'app.main:create_app',
          '--host',
          '127.0.0.1',
          '--port',
          SMOKE_PORT,
        ],
      ],
      env: { JWT_SECRET: 'only-for-the-smoke-test-in-the-sandbox-0123456789' },
      read: readSmoke,
    },
  ];
  if (spec.includeTests) {
    checks.push({
      name: 'tests',
      title: 'Tests with coverage',
      argv: [...besideDatabase, python, `${TOOLKIT}/run_tests.py`, 'app'],
      read: readTests,
    });
  }
  const mounts = [...tools.mounts, { host: SCRIPTS, inside: TOOLKIT }];
  if (onPostgres) {
    mounts.push({ host: (await findPostgresBinaries()).root, inside: POSTGRES });
  }
  return { checks, mounts };
}

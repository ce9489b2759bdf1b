import { fileURLToPath } from 'node:url';
import { findPostgresBinaries } from '../../infra/database/embedded/embedded-binaries.js';
import type { SandboxMount } from '../../infra/sandbox/sandbox.js';
import type { NodeTools } from '../../toolchains/node-toolchain.js';
import type { ProjectSpec } from '../blueprints/project-spec.js';
import type { Check } from './check.js';
import { readEslint, readPrettier, readTsc } from './node-reports.js';
import { readSmoke, readTests } from './runner-reports.js';

/** Our own scripts, and where a sandboxed command sees them and the database. */
const SCRIPTS = fileURLToPath(new URL('templates/node', import.meta.url));
const TOOLKIT = '/toolkit';
const POSTGRES = '/postgres';
const SMOKE_PORT = '3000';
const SMOKE_PATHS = ['/health/live', '/health/ready', '/openapi.json'];

/** What a TypeScript project of this specification must pass, whatever its framework. */
export async function nodeChecks(
  spec: ProjectSpec,
  tools: NodeTools,
): Promise<{ checks: Check[]; mounts: SandboxMount[] }> {
  const { node, packages } = tools;
  const tsc = [node, `${packages}/typescript/bin/tsc`, '--pretty', 'false'];
  // What counts and reports runs as the same user as what it runs.
  const sealed = ['sh', `${TOOLKIT}/sealed.sh`, node];
  const onPostgres = spec.database === 'postgresql';
  // The tests and the service meet the database that was asked for, not a stand-in.
  const besideDatabase = onPostgres
    ? [...sealed, `${TOOLKIT}/with-postgres.mjs`, `${POSTGRES}/bin`, '--']
    : [];
  const checks: Check[] = [
    {
      name: 'types',
      title: 'Type check',
      argv: [...tsc, '-p', 'tsconfig.json', '--noEmit'],
      read: readTsc,
    },
    {
      name: 'lint',
      title: 'Lint',
      argv: [
        ...[node, `${packages}/eslint/bin/eslint.js`, '--format', 'json'],
        ...['--max-warnings', '0', '.'],
      ],
      read: readEslint,
    },
    {
      name: 'format',
      title: 'Format check',
      argv: [node, `${packages}/prettier/bin/prettier.cjs`, '--list-different', '.'],
      read: readPrettier,
    },
    {
      name: 'smoke',
      title: 'Start the service',
      argv: [
        ...besideDatabase,
        ...[...sealed, `${TOOLKIT}/smoke.mjs`, SMOKE_PORT, ...SMOKE_PATHS],
        // The types are a check of their own.
        ...['--', ...tsc, '-p', 'tsconfig.build.json', '--noCheck'],
        ...(spec.database === 'none' ? [] : ['--', node, 'dist/migrate.js']),
        ...['--', node, 'dist/main.js'],
      ],
      env: { JWT_SECRET: 'only-for-the-smoke-test-in-the-sandbox-0123456789' },
      read: readSmoke,
    },
  ];
  if (spec.includeTests) {
    checks.push({
      name: 'tests',
      title: 'Tests with coverage',
      argv: [...besideDatabase, ...sealed, `${TOOLKIT}/run-tests.mjs`, node, packages],
      read: readTests,
    });
  }
  const mounts = [...tools.mounts, { host: SCRIPTS, inside: TOOLKIT }];
  if (onPostgres) {
    mounts.push({ host: (await findPostgresBinaries()).root, inside: POSTGRES });
  }
  return { checks, mounts };
}

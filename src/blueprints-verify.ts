import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { CheckRunner } from './build/agent/check-runner.js';
import { CAPABILITIES } from './build/blueprints/capabilities.js';
import type { ProjectSpec } from './build/blueprints/project-spec.js';
import { renderProject } from './build/blueprints/render-project.js';
import { matrixOf, subsetOf } from './build/matrix/matrix.js';
import type { CheckOutcome } from './build/verify/check.js';
import { ProjectChecks } from './build/verify/project-checks.js';
import { Verifier } from './build/verify/verifier.js';
import { loadConfig } from './config/load-config.js';
import { createSandbox } from './infra/sandbox/create-sandbox.js';
import { NodeToolchain } from './toolchains/node-toolchain.js';
import { PythonToolchain } from './toolchains/python-toolchain.js';

const LEAST_COVERAGE = 90;

interface Row {
  name: string;
  outcomes: CheckOutcome[];
  hasTests: boolean;
  seconds: number;
}

/** `npm run blueprints:verify [-- --only fastapi --subset]`: builds the matrix and prints what its checks say. */
async function verifyBlueprints(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, subset: { type: 'boolean', default: false } },
  });
  // The table is all that goes to stdout.
  Logger.overrideLogger(false);
  const config = loadConfig({ LOG_LEVEL: 'silent', ...process.env });
  const sandbox = await createSandbox('auto', () => undefined);
  const toolchains = new ProjectChecks(new PythonToolchain(config), new NodeToolchain(config));
  const runner = new CheckRunner(toolchains, new Verifier(sandbox, config));
  const frameworks = CAPABILITIES.filter(({ name }) => !values.only || name === values.only);
  if (frameworks.length === 0) {
    throw new Error(`There is no framework ${values.only ?? ''}`);
  }
  process.stdout.write(`${HEADER}\n`);
  let failures = 0;
  for (const framework of frameworks) {
    const all = matrixOf(framework);
    for (const spec of values.subset ? subsetOf(all) : all) {
      const row = await verify(spec, runner);
      process.stdout.write(`${describe(row)}\n`);
      failures += isGood(row) ? 0 : 1;
      for (const outcome of row.outcomes.filter((each) => !each.passed)) {
        process.stderr.write(`${row.name}: ${outcome.name}: ${JSON.stringify(outcome.report)}\n`);
      }
    }
  }
  process.exitCode = failures > 0 ? 1 : 0;
}

async function verify(spec: ProjectSpec, runner: CheckRunner): Promise<Row> {
  const started = performance.now();
  const { checks } = await runner.run(spec, renderProject(spec), {
    trust: 'blueprint',
    signal: new AbortController().signal,
  });
  return {
    name: nameOf(spec),
    outcomes: checks,
    hasTests: spec.includeTests,
    seconds: (performance.now() - started) / 1000,
  };
}

const HEADER = [
  '| project | tests | coverage | type errors | lint errors | starts | seconds |',
  '| --- | --- | --- | --- | --- | --- | --- |',
].join('\n');

function describe({ name, outcomes, hasTests, seconds }: Row): string {
  const passed = text(outcomes, 'tests', 'tests_passed');
  const cells = [
    name,
    hasTests ? `${passed} of ${text(outcomes, 'tests', 'collected')}` : 'left out',
    hasTests ? `${text(outcomes, 'tests', 'test_coverage')} %` : '',
    text(outcomes, 'types', 'type_errors'),
    String(lintErrors(outcomes)),
    outcomes.find((outcome) => outcome.name === 'smoke')?.passed ? 'yes' : 'no',
    seconds.toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

function isGood({ outcomes, hasTests }: Row): boolean {
  const coverage = valueOf(outcomes, 'tests', 'test_coverage');
  const isCovered = typeof coverage === 'number' && coverage >= LEAST_COVERAGE;
  return outcomes.every((outcome) => outcome.passed) && (isCovered || !hasTests);
}

function nameOf({ framework, database, features, resources }: ProjectSpec): string {
  const count = resources.length;
  const things = count === 0 ? [] : [`${count} resource${count === 1 ? '' : 's'}`];
  return [framework, database, ...features.filter((each) => each !== 'health'), ...things].join(
    ', ',
  );
}

/** Findings, and files in another format than the formatter's. */
function lintErrors(outcomes: CheckOutcome[]): number {
  return (
    Number(valueOf(outcomes, 'lint', 'lint_errors')) +
    Number(valueOf(outcomes, 'format', 'unformatted_files'))
  );
}

function text(outcomes: CheckOutcome[], check: string, field: string): string {
  const value = valueOf(outcomes, check, field);
  return typeof value === 'number' ? String(value) : 'none';
}

function valueOf(outcomes: CheckOutcome[], check: string, field: string): unknown {
  return outcomes.find((outcome) => outcome.name === check)?.report[field];
}

verifyBlueprints().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

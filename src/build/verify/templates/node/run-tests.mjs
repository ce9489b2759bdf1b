/**
 * Runs a project's tests under coverage and reports through a pipe that only this process holds.
 *
 * usage: run-tests.mjs PACKAGES
 *
 * The reporter lives here, outside the tree under test, and counts what vitest tells it; no file of the workspace
 * is read back. Tests run in processes of their own, which don't inherit the pipe.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

const REPORT_FD = 4;
const MAX_FAILURES = 50;
const MAX_TEXT = 4_000;

const [packages] = process.argv.slice(2);
const pipe = takePipe();

const { startVitest } = await import(pathToFileURL(join(packages, 'vitest/dist/node.js')).href);

const started = performance.now();
const state = { modules: [], errors: [], coverage: null };
const counter = {
  onTestRunEnd: (modules, errors) => Object.assign(state, { modules, errors }),
  onCoverage: (coverage) => Object.assign(state, { coverage }),
};
const vitest = await startVitest(
  'test',
  [],
  {
    watch: false,
    cache: false,
    reporters: ['default', counter],
    coverage: {
      enabled: true,
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: [],
      reporter: [],
      reportsDirectory: join(tmpdir(), 'coverage'),
    },
  },
  // By default the bundled configuration is written beside the packages, which are read-only.
  { configLoader: 'runner' },
);
await vitest?.close();

const tests = state.modules.flatMap((module) => [...module.children.allTests()]);
const outcomes = tests.map((test) => test.result().state);
const files = lineCoverage(state.coverage);
const covered = Object.values(files);
const exitStatus = Number(process.exitCode ?? 0);
writeSync(
  pipe,
  JSON.stringify({
    exit_status: exitStatus,
    collected: tests.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    failures: [...moduleFailures(), ...testFailures(), ...otherFailures()].slice(0, MAX_FAILURES),
    seconds: Math.round(performance.now() - started) / 1000,
    coverage: {
      lines: covered.reduce((sum, file) => sum + file.lines, 0),
      covered: covered.reduce((sum, file) => sum + file.covered, 0),
      files,
    },
  }),
);
closeSync(pipe);
process.exit(exitStatus);

/** Moves the pipe away from the known number, where vitest.config.ts would find it: that runs in this process. */
function takePipe() {
  try {
    const moved = openSync(`/proc/self/fd/${REPORT_FD}`, 'w');
    closeSync(REPORT_FD);
    return moved;
  } catch {
    // The pipe may belong to another user, and is not to be opened again then.
    return REPORT_FD;
  }
}

function count(outcome) {
  return outcomes.filter((each) => each === outcome).length;
}

function testFailures() {
  return tests
    .filter((test) => test.result().state === 'failed')
    .map((test) => ({
      test: `${nameOf(test.module)} > ${test.fullName}`,
      message: textOf(test.result().errors),
    }));
}

/** Files that could not be loaded, and hooks that failed. */
function moduleFailures() {
  return state.modules.flatMap((module) => {
    const suites = [module, ...module.children.allSuites()];
    const errors = suites.flatMap((suite) => suite.errors());
    return errors.length > 0 ? [{ test: nameOf(module), message: textOf(errors) }] : [];
  });
}

/** Outside of any test: a rejected promise that nobody awaited, a worker that ended. */
function otherFailures() {
  return state.errors.map((error) => ({ test: 'outside of the tests', message: textOf([error]) }));
}

function nameOf(module) {
  return relative(process.cwd(), module.moduleId);
}

function textOf(errors) {
  const text = (errors ?? []).map(({ message, stack }) => stack ?? message).join('\n');
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}\n[cut]`;
}

/** Executed and executable lines of every file, by istanbul's own analysis. */
function lineCoverage(coverage) {
  const result = {};
  for (const path of coverage?.files().sort() ?? []) {
    const hits = Object.entries(coverage.fileCoverageFor(path).getLineCoverage());
    if (hits.length > 0) {
      const missing = hits.filter(([, times]) => times === 0).map(([line]) => Number(line));
      result[relative(process.cwd(), path)] = {
        lines: hits.length,
        covered: hits.length - missing.length,
        missing,
      };
    }
  }
  return result;
}

/**
 * Runs a project's tests under coverage and reports through a descriptor that only this process has.
 *
 * usage: sealed.sh NODE run-tests.mjs NODE PACKAGES
 *
 * Nothing of the project runs in this process: its configuration and global setup are loaded by `project-setup.mjs`,
 * which tells what of them counts, and its tests run in a worker. All source is read before any of it runs, and is what
 * the worker gets; the report has to have every test that it shows.
 */
import './sealed.mjs';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unseal } from './sealed.mjs';

const REPORT_FD = 4;
const MAX_FAILURES = 50;
const MAX_TEXT = 4_000;
const MAX_TIMEOUT_MS = 60_000;
const TEARDOWN_MS = 10_000;
const TESTS = ['**/*.{test,spec}.?(c|m)[jt]s?(x)'];
const NO_TESTS = ['**/node_modules/**', '**/.git/**', 'dist/**', 'coverage/**'];
const IS_SOURCE = /\.[cm]?[jt]sx?$/;
const IS_TEST = /\.(test|spec)\.[cm]?[jt]sx?$/;
const NOT_OURS = /(^|\/)(node_modules|\.git)$|^(dist|coverage)$/;

const [node, packages] = process.argv.slice(2);
unseal(node);

const { createVitest } = await import(pathToFileURL(join(packages, 'vitest/dist/node.js')).href);

const started = performance.now();
const problems = [];
const state = { modules: [], errors: [], coverage: null };
const counter = {
  onTestRunEnd: (modules, errors) => Object.assign(state, { modules, errors }),
  onCoverage: (coverage) => Object.assign(state, { coverage }),
};
const sources = readSources();
const setup = await setUpProject();
const vitest = await createVitest('test', optionsOf(setup.told), {
  configFile: false,
  envDir: false,
  css: { postcss: { plugins: [] } },
  plugins: [{ name: 'sources', enforce: 'pre', load: (id) => sources.get(id.split('?')[0]) }],
});
const expected = await readTests();
await vitest
  .start()
  .catch((error) => problems.push({ test: 'the test run', message: textOf([error]) }));
await vitest.close();
await setup.end();

const tests = state.modules.flatMap((module) => [...module.children.allTests()]);
const outcomes = tests.map((test) => test.result().state);
const files = lineCoverage(state.coverage);
const covered = Object.values(files);
const failures = [
  ...problems,
  ...moduleFailures(),
  ...testFailures(),
  ...otherFailures(),
  ...missing(),
];
const exitStatus = failures.length > 0 || tests.length === 0 ? 1 : Number(process.exitCode ?? 0);
writeSync(
  REPORT_FD,
  JSON.stringify({
    exit_status: exitStatus,
    collected: tests.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    failures: failures.slice(0, MAX_FAILURES),
    seconds: Math.round(performance.now() - started) / 1000,
    coverage: {
      lines: covered.reduce((sum, file) => sum + file.lines, 0),
      covered: covered.reduce((sum, file) => sum + file.covered, 0),
      files,
    },
  }),
);
closeSync(REPORT_FD);
process.exit(exitStatus);

/** Path -> text, of everything that may be run. */
function readSources(folder = process.cwd(), sources = new Map()) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (NOT_OURS.test(relative(process.cwd(), path))) {
      continue;
    }
    if (entry.isDirectory()) {
      readSources(path, sources);
    } else if (entry.isFile() && IS_SOURCE.test(entry.name)) {
      sources.set(path, readFileSync(path, 'utf8'));
    }
  }
  return sources;
}

/** What the project's own configuration has to say; where it can't be loaded that is a failure. */
async function setUpProject() {
  const script = fileURLToPath(new URL('project-setup.mjs', import.meta.url));
  const child = fork(script, [packages], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const told = await Promise.race([once(child, 'message'), ended.then(() => [null])]);
  if (told[0] === null) {
    problems.push({ test: 'the configuration of the tests', message: 'It could not be loaded' });
  }
  return {
    told: told[0] ?? {},
    end: async () => {
      if (child.connected) {
        child.send('end');
      }
      const timer = setTimeout(() => child.kill('SIGKILL'), TEARDOWN_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Ours, and of the project's those that decide neither which tests run nor what counts as passed. */
function optionsOf({ settings = {}, env = {}, provided = {} }) {
  const { setupFiles, testTimeout, hookTimeout, globals, isolate, fileParallelism } = settings;
  return {
    config: false,
    watch: false,
    cache: false,
    pool: 'forks',
    include: TESTS,
    exclude: NO_TESTS,
    allowOnly: false,
    retry: 0,
    reporters: ['default', counter],
    setupFiles: [fileURLToPath(new URL('guard.mjs', import.meta.url)), ...texts(setupFiles)],
    env: { ...variables(settings.env), ...variables(env) },
    provide: provided,
    globals: globals === true,
    isolate: isolate !== false,
    fileParallelism: fileParallelism !== false,
    ...(Number.isFinite(testTimeout) && { testTimeout: atMost(testTimeout) }),
    ...(Number.isFinite(hookTimeout) && { hookTimeout: atMost(hookTimeout) }),
    coverage: {
      enabled: true,
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: [],
      reporter: [],
      reportsDirectory: join(tmpdir(), 'coverage'),
    },
  };
}

function texts(value) {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function variables(value) {
  return Object.fromEntries(
    Object.entries(value ?? {}).filter(([, text]) => typeof text === 'string'),
  );
}

function atMost(ms) {
  return Math.min(Math.max(ms, 1), MAX_TIMEOUT_MS);
}

/** Path -> how many tests its text has at least: a table of cases is one of them. */
async function readTests() {
  const found = await vitest.globTestSpecifications();
  const modules = await vitest.experimental_parseSpecifications(found);
  const written = modules.map((module) => [
    module.moduleId,
    [...module.children.allTests()].length,
  ]);
  const paths = [...sources.keys()].filter((path) => IS_TEST.test(path));
  return new Map([...paths.map((path) => [path, 0]), ...written]);
}

/** Tests that are in the project's text and not in the report. */
function missing() {
  const ran = new Map(
    state.modules.map((module) => [module.moduleId, [...module.children.allTests()].length]),
  );
  return [...expected].flatMap(([path, least]) => {
    const test = relative(process.cwd(), path);
    if (!ran.has(path)) {
      return [{ test, message: 'The file was not run' }];
    }
    if (ran.get(path) < least && !hasErrors(path)) {
      return [{ test, message: `${least} tests were written, ${ran.get(path)} were run` }];
    }
    return [];
  });
}

function hasErrors(path) {
  return state.modules.some((module) => module.moduleId === path && errorsOf(module).length > 0);
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
    const errors = errorsOf(module);
    return errors.length > 0 ? [{ test: nameOf(module), message: textOf(errors) }] : [];
  });
}

function errorsOf(module) {
  return [module, ...module.children.allSuites()].flatMap((suite) => suite.errors());
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
      const missed = hits.filter(([, times]) => times === 0).map(([line]) => Number(line));
      result[relative(process.cwd(), path)] = {
        lines: hits.length,
        covered: hits.length - missed.length,
        missing: missed,
      };
    }
  }
  return result;
}

/**
 * Loads the project's own test configuration and runs its global setup, in a process that has nothing to do with the
 * report.
 *
 * usage: project-setup.mjs PACKAGES, forked
 *
 * Tells its parent what of the configuration counts, which variables the setup has set and what it provides; ends when
 * told to, after the teardown.
 */
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const NAMES = ['vitest.config', 'vite.config'];
const ENDINGS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

const [packages] = process.argv.slice(2);
const { loadConfigFromFile, runnerImport } = await import(
  pathToFileURL(join(packages, 'vite/dist/node/index.js')).href
);

const before = { ...process.env };
const provided = {};
const teardowns = [];
const config = await loadConfig();
for (const path of listOf(config.globalSetup)) {
  const { module } = await runnerImport(resolve(path));
  const setup = module.default ?? module.setup;
  const end = await setup?.({ provide: (key, value) => (provided[key] = value), config });
  teardowns.unshift(end ?? module.teardown);
}
process.on('message', () => void tearDown());
process.send({ settings: settingsOf(config), env: changedVariables(), provided });

async function loadConfig() {
  const paths = NAMES.flatMap((name) => ENDINGS.map((ending) => name + ending));
  const path = paths.find((each) => existsSync(each));
  if (path === undefined) {
    return {};
  }
  const about = { command: 'serve', mode: 'test' };
  const loaded = await loadConfigFromFile(
    about,
    resolve(path),
    undefined,
    'silent',
    undefined,
    'runner',
  );
  return loaded?.config.test ?? {};
}

/** What doesn't decide which tests run, or what counts as passed. */
function settingsOf({
  setupFiles,
  testTimeout,
  hookTimeout,
  globals,
  isolate,
  fileParallelism,
  env,
}) {
  const inProject = listOf(setupFiles).map((path) => relative(process.cwd(), resolve(path)));
  return {
    setupFiles: inProject,
    testTimeout,
    hookTimeout,
    globals,
    isolate,
    fileParallelism,
    env,
  };
}

function changedVariables() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name, value]) => before[name] !== value),
  );
}

function listOf(value) {
  return value === undefined ? [] : [value].flat();
}

async function tearDown() {
  for (const end of teardowns) {
    await end?.();
  }
  process.exit(0);
}

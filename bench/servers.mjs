/** Whatever is measured or measured against, each in a process of its own. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const START_LIMIT_MS = 60_000;

/** Nothing of the caller's own settings: what they set would be measured, too. */
const ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  PORT: '0',
  LOG_LEVEL: 'warn',
  RATE_LIMIT_GLOBAL: '0',
  RATE_LIMIT_BUILD: '0',
  QUOTA_UNFINISHED_TASKS: '0',
  WORKER_CONCURRENCY: '1',
  // Made by the first `npm start`; making one takes longer than everything measured here.
  TOOLCHAIN_DIR: process.env.TOOLCHAIN_DIR ?? join(root, '.data', 'toolchains'),
};

/** The server as `npm start` runs it. */
export async function startProduct(dataDir) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist', 'src', 'main.js')], {
    cwd: root,
    env: { ...ENVIRONMENT, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([printed(child, /^Ready: /m), ended(child)]);
  const readyMs = performance.now() - startedAt;
  return { readyMs, rssMb: () => rssMb(child.pid), stop: () => end(child) };
}

/** The same server, on a given database and with a line to it, so that a burst of events can be asked for. */
export async function startUnderTest(databaseUrl, dataDir, more = {}) {
  const env = { ...ENVIRONMENT, ...more, DATA_DIR: dataDir, DATABASE_URL: databaseUrl };
  const { child, message } = await forked('under-test.mjs', env, process.env.BENCH_NODE_ARGS);
  return {
    url: message.url,
    pid: child.pid,
    burst: (taskId, count) => child.send({ taskId, count }),
    cpuMs: () => cpuMs(child),
    stop: () => end(child),
  };
}

/** `node:http` and one constant answer: what this machine gives at best. */
export async function startBareServer() {
  const { child, message } = await forked('bare-server.mjs', {});
  return { url: message.url, cpuMs: () => cpuMs(child), stop: () => end(child) };
}

export async function startDatabase(dataDir) {
  const module = join(root, 'dist', 'src', 'infra', 'database', 'embedded', 'embedded-postgres.js');
  const { startEmbeddedPostgres } = await import(pathToFileURL(module).href);
  return startEmbeddedPostgres({ dataDir, log: () => undefined });
}

async function forked(file, env, nodeArgs = '') {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    env,
    execArgv: nodeArgs.split(' ').filter(Boolean),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [message] = await Promise.race([once(child, 'message'), ended(child)]);
  return { child, message };
}

/** What the process has used so far: unlike its speed, it hardly depends on who else uses the machine. */
async function cpuMs(child) {
  child.send('cpu');
  const [{ user, system }] = await once(child, 'message');
  return (user + system) / 1000;
}

function printed(child, pattern) {
  let output = '';
  return new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (pattern.test(output)) {
        resolve();
      }
    });
  });
}

/** Rejects when the process ends or takes too long: it should have become ready. */
async function ended(child) {
  const limit = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  child.once('message', () => clearTimeout(limit)).once('exit', () => clearTimeout(limit));
  const [status] = await once(child, 'exit');
  throw new Error(`${child.spawnargs.join(' ')} ended with status ${status}`);
}

async function end(child) {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  }
}

/** Linux only; elsewhere `null`. */
function rssMb(pid) {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}

/**
 * `npm run bench [-- --json]`: what the built product takes on this machine, in two or three minutes.
 *
 * Machines and their neighbours differ: the figure to keep is the ratio to a bare `node:http` server, which is measured
 * in the same seconds with the same load.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { measureBuilds, measureCancel } from './build.mjs';
import { measureFanOut } from './fan-out.mjs';
import { loadSideBySide } from './load.mjs';
import { startBareServer, startDatabase, startProduct, startUnderTest } from './servers.mjs';
import { seed } from './seed.mjs';
import { measureTasks } from './tasks.mjs';
import { printReport } from './report.mjs';

const folder = await mkdtemp(join(tmpdir(), 'goalsmith-bench-'));
const started = [];
let failure;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void stop().finally(() => process.exit(130)));
}
try {
  const report = await measure();
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(report, null, 2));
  } else {
    printReport(report);
  }
} catch (error) {
  failure = error;
}
await stop();
if (failure) {
  console.error(failure);
  process.exitCode = 1;
}

async function measure() {
  const start = await measureStart();
  const database = await startDatabase(join(folder, 'database'));
  started.push(database);
  const product = await startUnderTest(database.url, folder);
  started.push(product);
  const bare = await startBareServer();
  started.push(bare);
  const { headers, builds, running, lanes } = await seed(product.url, database.url);

  const paths = {
    'GET /api/health/': [{ path: '/api/health/' }],
    'GET /api/build/{id}': builds.map((id) => ({ path: `/api/build/${id}`, headers })),
    'GET /api/build/?limit=20': [{ path: '/api/build/?limit=20', headers }],
    'POST /api/build/': lanes.map((name) => ({
      method: 'POST',
      path: '/api/build/',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ project_name: name, goal: 'Add authentication with JWT support' }),
    })),
  };
  const http = {};
  for (const [name, requests] of Object.entries(paths)) {
    note(name);
    http[name] = await loadSideBySide(product, bare, requests);
  }
  note('tasks');
  const tasks = await measureTasks(product.url, headers);
  note('WebSocket');
  const sockets = await measureFanOut(product, headers, running);
  note('builds');
  const warmBuilds = await measureBuilds(product.url, headers);
  const cancel = 'skipped' in warmBuilds.fastapi ? null : await measureCancel(product.url, headers);
  return { start, http, tasks, sockets, warmBuilds, cancel };
}

/** As a user starts it, with its own database: the first start makes the cluster, the second finds all in place. */
async function measureStart() {
  const result = {};
  for (const name of ['cold', 'warm']) {
    note(`${name} start`);
    const server = await startProduct(join(folder, 'data'));
    result[name] = { readyMs: server.readyMs, rssMb: server.rssMb() };
    await server.stop();
  }
  return result;
}

async function stop() {
  for (let server = started.pop(); server; server = started.pop()) {
    await server.stop();
  }
  await rm(folder, { recursive: true, force: true });
}

/** Not on stdout: that is the report's. */
function note(step) {
  process.stderr.write(`Measuring ${step} ...\n`);
}

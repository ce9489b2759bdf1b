/**
 * Runs a command beside a PostgreSQL of its own, reachable by a Unix socket only.
 *
 * usage: sealed.sh NODE with-postgres.mjs BIN_DIR -- COMMAND...
 *
 * The command finds the server in DATABASE_URL and ends with its own status; the server and its data are gone then.
 */
import './sealed.mjs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const START_MS = 30_000;
/** `nobody` has this number everywhere. */
const KNOWN_USER = '65534';

const [binDir, , program, ...args] = process.argv.slice(2);
const home = mkdtempSync(join(process.cwd(), '.pg-'));
const sockets = mkdtempSync(join(tmpdir(), 'pg-'));
const data = join(home, 'data');
const asUser = asKnownUser();

let status = 1;
let server;
try {
  await makeCluster();
  server = start();
  await waitUntilReady(server);
  status = await runBeside();
} finally {
  await stop(server);
  rmSync(home, { recursive: true, force: true });
  rmSync(sockets, { recursive: true, force: true });
}
process.exit(status);

/** initdb asks for the name of its user; one without a name appears as `nobody` in a namespace of its own. */
function asKnownUser() {
  try {
    userInfo();
    return [];
  } catch {
    const user = [`--map-user=${KNOWN_USER}`, `--map-group=${KNOWN_USER}`];
    return ['unshare', '--user', ...user, '--'];
  }
}

function launch(name, options, stdio) {
  const [command, ...rest] = [...asUser, join(binDir, name), ...options];
  return spawn(command, rest, { stdio });
}

async function makeCluster() {
  const shape = ['-U', 'app', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--wal-segsize=1'];
  const initdb = launch(
    'initdb',
    ['-D', data, ...shape, '--no-sync', '--no-instructions'],
    ['ignore', 'ignore', 'inherit'],
  );
  const [code] = await once(initdb, 'exit');
  if (code !== 0) {
    throw new Error(`initdb ended with ${code}`);
  }
}

function start() {
  // Nothing here outlives the run: durability off, and small enough for a sandbox.
  const settings = {
    listen_addresses: '',
    unix_socket_directories: sockets,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '16MB',
    dynamic_shared_memory_type: 'mmap',
    max_connections: '20',
    max_wal_size: '16MB',
    min_wal_size: '2MB',
    autovacuum: 'off',
    max_worker_processes: '2',
    jit: 'off',
  };
  const options = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  return launch('postgres', ['-D', data, ...options], 'ignore');
}

/** The last line of postmaster.pid says `ready` once connections are taken. */
async function waitUntilReady(postgres) {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline && postgres.exitCode === null) {
    if (readStatus().trimEnd().endsWith('ready')) {
      return;
    }
    await delay(20);
  }
  throw new Error('PostgreSQL did not start');
}

function readStatus() {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'latin1');
  } catch {
    return '';
  }
}

async function runBeside() {
  const url = `postgresql://app@localhost/postgres?host=${encodeURIComponent(sockets)}`;
  // The report's pipe is handed on by its number: Node closes it for children otherwise.
  const child = spawn(program, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ignore', 4],
    env: { ...process.env, DATABASE_URL: url },
  });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

async function stop(postgres) {
  if (postgres && postgres.exitCode === null) {
    const ended = once(postgres, 'exit');
    postgres.kill('SIGQUIT');
    await ended;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { postgresEnvironment, type PostgresAccount } from './embedded-account.js';
import type { PostgresBinaries } from './embedded-binaries.js';
import { PostgresDidNotStart } from './embedded-errors.js';
import { signalProcess } from './embedded-process.js';

/** Takes the database's own log lines, for the server's log. */
export type PostgresLog = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;

/** A running postmaster, our child. */
export interface PostgresServer {
  pid: number;
  /** Resolves when it has ended, asked to or not. */
  exited: Promise<void>;
  /** Rolls back what is open, writes a checkpoint and ends; harsher when that takes too long. Harmless twice. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  clusterDir: string;
  socketDir: string;
  durable: boolean;
  maxConnections: number;
  log: PostgresLog;
}

// Recovery after a crash replays at most `max_wal_size`: minutes only on a very slow disk.
const READY_LIMIT_MS = 300_000;
const KEPT_LINES = 20;

/**
 * Starts the server on a cluster and resolves when it takes connections on the socket in `socketDir`.
 *
 * @throws PostgresDidNotStart
 */
export async function startServer(
  binaries: PostgresBinaries,
  account: PostgresAccount,
  options: ServerOptions,
): Promise<PostgresServer> {
  const [program = '', ...args] = [
    ...account.prefix,
    binaries.postgres,
    ...['-D', options.clusterDir],
    ...Object.entries(settingsOf(options)).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const child = spawn(program, args, {
    cwd: '/',
    env: postgresEnvironment,
    uid: account.uid,
    gid: account.gid,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C reaches the whole foreground group, and the database must outlive the drain.
    detached: true,
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stopAtExit = (): void => void child.kill('SIGINT');
  // Whatever ends this process short of SIGKILL takes the database with it.
  process.once('exit', stopAtExit);
  void exited.then(() => process.removeListener('exit', stopAtExit));

  try {
    await waitUntilReady(child, exited, options.log);
  } catch (error) {
    await stopServer(child, exited);
    throw error;
  }
  let stopped: Promise<void> | undefined;
  return { pid: child.pid ?? 0, exited, stop: () => (stopped ??= stopServer(child, exited)) };
}

function settingsOf(options: ServerOptions): Record<string, string> {
  return {
    // A socket in a folder that only its owner can enter: no port to collide on, nothing for other users to reach.
    listen_addresses: '',
    unix_socket_directories: `"${options.socketDir.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    max_connections: String(options.maxConnections),
    shared_buffers: '64MB',
    max_wal_size: '512MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'log',
    // Neither values nor statements of a failed query in the log.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    ...(options.durable
      ? {}
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}

async function waitUntilReady(
  child: ChildProcess,
  exited: Promise<void>,
  log: PostgresLog,
): Promise<void> {
  const lines: string[] = [];
  const ready = new Promise<void>((resolve) => {
    if (!child.stderr) {
      return;
    }
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (lines.push(line) > KEPT_LINES) {
        lines.shift();
      }
      log(/\b(FATAL|PANIC):/.test(line) ? 'error' : 'debug', `postgres: ${line}`);
      if (line.includes('database system is ready to accept connections')) {
        resolve();
      }
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new PostgresDidNotStart('it was not ready in time')),
      READY_LIMIT_MS,
    );
  });
  // `close` and not `exit`: by then its last words have been read.
  const ended = Promise.all([exited, once(child, 'close')]).then(() => {
    throw new PostgresDidNotStart(lines.join('\n') || 'the program could not be run');
  });
  try {
    await Promise.race([ready, ended, late]);
  } finally {
    clearTimeout(timer);
    // It ends one day, long after anybody waits for this.
    ended.catch(() => undefined);
  }
}

async function stopServer(child: ChildProcess, exited: Promise<void>): Promise<void> {
  const pid = child.pid;
  if (!pid) {
    return;
  }
  for (const [signal, limitMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (child.exitCode === null && child.signalCode === null) {
      signalProcess(pid, signal);
    }
    if (await settlesWithin(exited, limitMs)) {
      return;
    }
  }
}

async function settlesWithin(promise: Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

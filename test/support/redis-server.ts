import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/** Whether `redis-server` is installed; the Redis tier is left out where it is not. */
export const redisAvailable = isOnPath('redis-server');

/**
 * `describe` for suites that need Redis. Have "Redis" or "Bull" in their name or their file's: that is how the count
 * at the end of `npm test` knows what was left out.
 */
export const describeWithRedis: jest.Describe = redisAvailable ? describe : describe.skip;

/** A Redis of one suite's own. */
export interface RedisServer {
  url: string;
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/** Starts a private Redis on a free loopback port, without persistence; `args` come last and win. */
export async function startRedis(args: string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'goalsmith-redis-'));
  for (let left = 5; ; left -= 1) {
    const started = await tryStart(folder, await freePort(), args);
    if (started) {
      return started;
    }
    // Somebody else took the port between our look and Redis's own bind.
    if (left === 0) {
      await rm(folder, { recursive: true, force: true });
      throw new Error('redis-server does not start');
    }
  }
}

async function tryStart(folder: string, port: number, args: string[]): Promise<RedisServer | null> {
  const server = await spawnRedis(folder, ['--port', String(port), '--bind', '127.0.0.1', ...args]);
  return (
    server && {
      url: `redis://127.0.0.1:${port}`,
      port,
      pid: server.pid,
      async stop() {
        await server.kill();
        await rm(folder, { recursive: true, force: true });
      },
    }
  );
}

/** A server that takes connections. */
export interface RedisProcess {
  pid: number;
  /** Nothing is saved first, and a stopped (SIGSTOP) server only hears this one. */
  kill(): Promise<void>;
}

/**
 * Starts a Redis in a folder, which goes with this process. It says nothing of where to listen: `args` do.
 * @returns `null` where it ended before it was ready.
 */
export async function spawnRedis(folder: string, args: string[]): Promise<RedisProcess | null> {
  const child = spawn(
    'redis-server',
    [
      ...['--dir', folder, '--save', '', '--appendonly', 'no'],
      ...['--maxmemory-policy', 'noeviction', ...args],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ready = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (/ready to accept connections/i.test(line)) {
        resolve(true);
      }
    });
    void exited.then(() => resolve(false));
  });
  const killAtExit = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', killAtExit);
  void exited.then(() => process.removeListener('exit', killAtExit));
  if (!(await ready)) {
    return null;
  }
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

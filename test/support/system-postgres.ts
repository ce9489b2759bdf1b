import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NOBODY = 65_534;

/** Where the machine's own PostgreSQL has server and client programs; `undefined`: it has none. */
export const postgresPrograms = findPrograms();

/** For tests of `pg_dump`, which the embedded server comes without. */
export const describeWithPgDump: jest.Describe = postgresPrograms ? describe : describe.skip;

/** The machine's own PostgreSQL on a folder of its own, reached by a Unix socket. */
export async function startSystemPostgres() {
  const programs = postgresPrograms ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'goalsmith-pg-'));
  const account = process.geteuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (account.uid !== undefined) {
    await chown(folder, account.uid, account.gid);
  }
  const data = join(folder, 'data');
  const options = {
    cwd: folder,
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    ...account,
  };
  await run(
    join(programs, 'initdb'),
    ['--pgdata', data, '--username=goalsmith', '--auth=trust', '--encoding=UTF8', '--no-sync'],
    options,
  );
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`postgres ended with ${code}`)));
    server.stderr.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('ready to accept connections')) {
        resolve();
      }
    });
  });
  const urlOf = (database: string) =>
    `postgresql://goalsmith@localhost/${database}?host=${encodeURIComponent(folder)}`;
  return {
    urlOf,
    /** Runs one of its programs as an operator does. */
    program: (name: string, args: string[]) => run(join(programs, name), args),
    async stop(): Promise<void> {
      const exited = once(server, 'exit');
      server.kill('SIGINT');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function findPrograms(): string | undefined {
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : [];
  return versions
    .map((version) => join(home, version, 'bin'))
    .find((folder) =>
      ['initdb', 'postgres', 'pg_dump', 'pg_restore', 'createdb'].every((name) =>
        existsSync(join(folder, name)),
      ),
    );
}

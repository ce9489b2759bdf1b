import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StartupError } from '../src/common/startup-error.js';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../src/infra/database/embedded/embedded-postgres.js';
import { identify } from '../src/infra/database/embedded/embedded-process.js';

const DATABASE = join(import.meta.dirname, '../src/infra/database/embedded/embedded-postgres.ts');
const LOADER = join(import.meta.dirname, 'support/ts-loader.mjs');

describe('startEmbeddedPostgres', () => {
  let folder: string;
  let running: EmbeddedPostgres[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'goalsmith-embedded-'));
    running = [];
  });

  afterEach(async () => {
    await Promise.all(running.map((database) => database.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  const boot = async (dataDir = folder, log: string[] = []): Promise<EmbeddedPostgres> => {
    const database = await startEmbeddedPostgres({
      dataDir,
      durable: false,
      log: (level, message) => log.push(`${level} ${message}`),
    });
    running.push(database);
    return database;
  };

  it('serves an empty UTF-8 database in UTC', async () => {
    const { url } = await boot();

    expect(
      await query(
        url,
        `SELECT current_database() AS name, current_setting('server_encoding') AS encoding,
                current_setting('TimeZone') AS zone, lower('ÄÖÜ') AS lower`,
      ),
    ).toEqual([{ name: 'goalsmith', encoding: 'UTF8', zone: 'UTC', lower: 'äöü' }]);
  });

  it('refuses a connection without the password', async () => {
    const { url } = await boot();
    const withoutPassword = url.replace(/:[^:@]+@/, ':wrong@');

    await expect(query(withoutPassword, 'SELECT 1')).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it('keeps the data over a stop, which leaves no process and no lock', async () => {
    const first = await boot();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();

    expect(await identify(first.pid)).toBeNull();
    expect(await readdir(folder)).toEqual(['postgres']);
    const second = await boot();
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('stops at once twice, with a connection open', async () => {
    const { url, stop } = await boot();
    const client = new pg.Client({ connectionString: url });
    const lost = new Promise<Error>((resolve) => client.on('error', resolve));
    await client.connect();

    await Promise.all([stop(), stop()]);

    expect((await lost).message).toMatch(/terminat/);
  });

  it('runs in a folder that only its owner can enter', async () => {
    await chmod(folder, 0o700);
    const dataDir = join(folder, 'private', 'data');
    await mkdir(join(folder, 'private'), { mode: 0o700 });

    const { url } = await boot(dataDir);

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('runs where the path is too long for a socket', async () => {
    const { url, stop } = await boot(join(folder, 'x'.repeat(120)));
    const socketDir = new URL(url).searchParams.get('host') ?? '';

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await stop();
    await expect(readdir(socketDir)).rejects.toThrow(/ENOENT/);
  });

  it('runs beside a server on another folder', async () => {
    const [one, other] = await Promise.all([boot(join(folder, 'a')), boot(join(folder, 'b'))]);
    await query(one.url, 'CREATE TABLE only_here ()');

    expect(await query(other.url, `SELECT to_regclass('only_here') AS found`)).toEqual([
      { found: null },
    ]);
  });

  it('refuses a folder in use and names the process', async () => {
    await boot();

    await expect(boot()).rejects.toThrow(
      new StartupError(
        `DATA_DIR=${folder} is in use by process ${process.pid}: stop that server, or give this one another DATA_DIR.`,
      ),
    );
  });

  it('lets one of two simultaneous starts through', async () => {
    const ends = await Promise.allSettled([boot(), boot()]);

    expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('ends the server that a killed process left behind and keeps what it had committed', async () => {
    const { child, pid, url } = await bootElsewhere(folder);
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await identify(pid)).not.toBeNull();

    const log: string[] = [];
    const database = await boot(folder, log);

    expect(await identify(pid)).toBeNull();
    expect(await query(database.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(log).toContain(`warn Ended the PostgreSQL server (process ${pid}) of an earlier crash.`);
  });

  it('recovers when the server itself was killed', async () => {
    const { child, pid, url } = await bootElsewhere(folder);
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const database = await boot();

    expect(await query(database.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('starts again when it ended unasked, as often as it takes', async () => {
    const log: string[] = [];
    const database = await boot(folder, log);
    const { pid, url } = database;
    // It isn't durable for speed; this must be on disk.
    await query(url, 'SET synchronous_commit = on; CREATE TABLE kept AS SELECT 42 AS answer');
    // As on a full disk: it ends, and for some time it can't start.
    const version = join(folder, 'postgres', 'data', 'PG_VERSION');
    await rename(version, `${version}.away`);
    process.kill(pid, 'SIGKILL');
    await until(() => log.some((line) => line.includes('does not start yet')));
    await rename(`${version}.away`, version);
    await until(() => log.includes('info The embedded PostgreSQL is back.'));

    expect(database.pid).not.toBe(pid);
    expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await database.stop();
    expect(await identify(database.pid)).toBeNull();
  });

  it('leaves a stranger alone whose process has the id of the dead server', async () => {
    await (await boot()).stop();
    const cluster = join(folder, 'postgres', 'data');
    const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
    await writeFile(join(cluster, 'postmaster.pid'), `${stranger.pid}\n${cluster}\n`);
    try {
      const { url } = await boot();

      expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(stranger.signalCode).toBeNull();
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('takes over the lock of a dead process whose id another one has now', async () => {
    await writeFile(
      join(folder, 'postgres.lock'),
      JSON.stringify({ pid: process.pid, startedAt: '1' }),
    );

    const { url } = await boot();

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts over where the first start was cut off', async () => {
    const unfinished = join(folder, 'postgres.init-1', 'data');
    await mkdir(unfinished, { recursive: true });
    await writeFile(join(unfinished, 'PG_VERSION'), '18\n');

    const { url } = await boot();

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(folder)).sort()).toEqual(['postgres', 'postgres.lock']);
  });

  it('refuses the database of another major version', async () => {
    await (await boot()).stop();
    await writeFile(join(folder, 'postgres', 'data', 'PG_VERSION'), '12\n');

    await expect(boot()).rejects.toThrow(
      /holds a database of PostgreSQL 12, this release brings 18/,
    );
  });

  it('never touches a folder "postgres" that is not its own', async () => {
    await mkdir(join(folder, 'postgres'));
    await writeFile(join(folder, 'postgres', 'precious.txt'), 'mine');

    await expect(boot()).rejects.toThrow(/that this server did not make/);
    expect(await readFile(join(folder, 'postgres', 'precious.txt'), 'utf8')).toBe('mine');
  });

  it.each([
    ['below a file', () => join(folder, 'file', 'data')],
    ['on a file system that takes no files', () => '/proc/goalsmith'],
  ])('names the setting and the remedy for a folder %s', async (_where, dataDir) => {
    await writeFile(join(folder, 'file'), '');

    const error: unknown = await boot(dataDir()).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(StartupError);
    expect(String(error)).toMatch(/^StartupError: DATA_DIR=\S+ can't be .*another DATA_DIR\.$/);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await delay(20);
  }
}

async function query(url: string, statement: string): Promise<object[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<object>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Starts it in a process of its own, so that it can be killed. */
async function bootElsewhere(
  dataDir: string,
): Promise<{ child: ChildProcess; pid: number; url: string }> {
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(DATABASE)});
    const { pid, url } = await startEmbeddedPostgres({
      dataDir: ${JSON.stringify(dataDir)}, log: (level, message) => console.error(level, message),
    });
    console.log(JSON.stringify({ pid, url }));`;
  const child = spawn(
    process.execPath,
    ['--import', LOADER, '--input-type=module', '--eval', script],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, ...(JSON.parse(line) as { pid: number; url: string }) };
  }
  throw new Error('the child ended before its database was ready');
}

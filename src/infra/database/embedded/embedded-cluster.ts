import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../../../common/startup-error.js';
import { giveTo, postgresEnvironment, type PostgresAccount } from './embedded-account.js';
import type { PostgresBinaries } from './embedded-binaries.js';

const run = promisify(execFile);

/** Name of the database, and of its only user. */
export const DATABASE_NAME = 'goalsmith';

/** A cluster on disk: PostgreSQL's own folder and, beside it, the password of its user. */
export interface Cluster {
  /** `DATA_DIR/postgres` */
  home: string;
  /** `DATA_DIR/postgres/data` */
  dir: string;
  password: string;
}

/**
 * Opens the cluster in a data folder, made first where there is none.
 *
 * It is made under another name and renamed when it is whole, so that a crash during the first start leaves nothing
 * that looks like a cluster.
 *
 * @throws StartupError when it was made by another major version, or not by this server at all.
 */
export async function openCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
  durable: boolean,
  beforeUse: (clusterDir: string) => Promise<void>,
): Promise<Cluster> {
  await removeUnfinished(dataDir);
  const home = join(dataDir, 'postgres');
  const dir = join(home, 'data');
  const entries = await readdir(home).catch(absent);
  if (entries === null || entries.length === 0) {
    await createCluster(home, binaries, account, durable);
  }
  const version = (await readFile(join(dir, 'PG_VERSION'), 'utf8').catch(absent))?.trim();
  const password = (await readFile(join(home, 'password'), 'utf8').catch(absent))?.trim();
  if (!version || !password) {
    throw new StartupError(
      `DATA_DIR=${dataDir} holds a folder "postgres" that this server did not make: give it another DATA_DIR.`,
    );
  }
  if (version !== account.majorVersion) {
    throw new StartupError(
      `DATA_DIR=${dataDir} holds a database of PostgreSQL ${version}, this release brings ` +
        `${account.majorVersion}: dump it with the old release and restore it here, or give this server another DATA_DIR.`,
    );
  }
  await beforeUse(dir);
  await giveTo(account, home);
  return { home, dir, password };
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') {
    return null;
  }
  throw error;
}

async function createCluster(
  home: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
  durable: boolean,
): Promise<void> {
  const unfinished = `${home}.init-${process.pid}`;
  try {
    await initialise(unfinished, binaries, account, durable);
    await rename(unfinished, home);
  } catch (error) {
    // On a full disk it may be all that there is to free.
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(join(home, '..'));
}

async function initialise(
  home: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
  durable: boolean,
): Promise<void> {
  const passwordFile = join(home, 'password');
  await mkdir(home, { mode: 0o700 });
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (process.geteuid?.() === 0) {
    await chown(passwordFile, account.owner.uid, account.owner.gid);
    await chown(home, account.owner.uid, account.owner.gid);
  }
  const [program = '', ...args] = [
    ...account.prefix,
    binaries.initdb,
    `--pgdata=${join(home, 'data')}`,
    `--username=${DATABASE_NAME}`,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    // Sorts by code point as C does, but knows upper and lower case beyond ASCII; nothing of it depends on the machine.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
  await run(program, args, {
    cwd: '/',
    env: postgresEnvironment,
    uid: account.uid,
    gid: account.gid,
  });
}

async function removeUnfinished(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('postgres.init-')) {
      await rm(join(dataDir, name), { recursive: true, force: true });
    }
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

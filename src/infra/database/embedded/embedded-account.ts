import { execFile } from 'node:child_process';
import { chown, lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../../../common/startup-error.js';
import type { PostgresBinaries } from './embedded-binaries.js';

const run = promisify(execFile);

/** PostgreSQL refuses uid 0, so root runs it under another identity; the account says which, and who owns its files. */
export interface PostgresAccount {
  /** Put in front of a program and its arguments. */
  prefix: readonly string[];
  /** For `spawn`; undefined: the server's own. */
  uid?: number;
  gid?: number;
  /** The owner its files must have, as seen from outside. */
  owner: { uid: number; gid: number };
  /** Of the programs, such as `18`. */
  majorVersion: string;
}

/** The whole environment of the database's processes: none of the server's secrets, none of the user's `PG*`. */
export const postgresEnvironment = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

// The kernel's overflow id, `nobody` on every Linux: it needs no entry in the user database.
const NOBODY = 65_534;

/**
 * Chooses how to run PostgreSQL on a data folder, by trying.
 *
 * An ordinary user runs it directly. Root runs it in a user namespace, where uid 0 has another number: that needs no
 * account on the machine and can enter every folder of root's own. Where namespaces are not permitted (containers)
 * or the way leads through somebody else's folder, root steps down to the folder's owner, else to `nobody`.
 *
 * @throws StartupError when none of them can run the programs.
 */
export async function choosePostgresAccount(
  binaries: PostgresBinaries,
  dataDir: string,
): Promise<PostgresAccount> {
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  const reasons: string[] = [];
  for (const candidate of uid === 0
    ? await candidatesOfRoot(dataDir)
    : [{ prefix: [], owner: { uid, gid } }]) {
    try {
      return { ...candidate, majorVersion: await probe(candidate, binaries, dataDir) };
    } catch (error) {
      reasons.push(firstLineOf(error));
    }
  }
  throw new StartupError(
    `The embedded PostgreSQL can't run here (${reasons.join('; ')}): ` +
      (uid === 0 ? 'start the server as an ordinary user, ' : '') +
      `check that DATA_DIR=${dataDir} can be entered, or set DATABASE_URL to a PostgreSQL server.`,
  );
}

/** Gives a folder and all in it to the account, where root ran it under another one before. */
export async function giveTo(account: PostgresAccount, path: string): Promise<void> {
  const found = await lstat(path);
  const { uid, gid } = account.owner;
  if (process.geteuid?.() !== 0 || found.uid === uid) {
    return;
  }
  if (found.isDirectory()) {
    for (const name of await readdir(path)) {
      await giveTo(account, join(path, name));
    }
  }
  // The folder itself comes last: a crash half-way is taken up again by the next start.
  if (!found.isSymbolicLink()) {
    await chown(path, uid, gid);
  }
}

type Candidate = Omit<PostgresAccount, 'majorVersion'>;

async function candidatesOfRoot(dataDir: string): Promise<Candidate[]> {
  const folder = await stat(dataDir);
  const ids =
    folder.uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid: folder.uid, gid: folder.gid };
  return [
    {
      prefix: ['unshare', '-U', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'],
      owner: { uid: 0, gid: 0 },
    },
    { prefix: [], ...ids, owner: ids },
  ];
}

async function probe(
  account: Candidate,
  binaries: PostgresBinaries,
  dataDir: string,
): Promise<string> {
  const script = 'cd "$1" && exec "$0" --version';
  const [program = 'sh', ...args] = [
    ...account.prefix,
    'sh',
    '-c',
    script,
    binaries.postgres,
    dataDir,
  ];
  const { stdout } = await run(program, args, {
    cwd: '/',
    env: postgresEnvironment,
    uid: account.uid,
    gid: account.gid,
    timeout: 10_000,
  });
  const major = /PostgreSQL\) (\d+)/.exec(stdout)?.[1];
  if (!major) {
    throw new Error('the program does not say its version');
  }
  return major;
}

function firstLineOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: unknown; message?: unknown };
  return (
    String(stderr || message)
      .trim()
      .split('\n')[0] ?? ''
  );
}

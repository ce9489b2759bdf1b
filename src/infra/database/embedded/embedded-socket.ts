import { chown, lstat, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { PostgresAccount } from './embedded-account.js';
import type { Cluster } from './embedded-cluster.js';

// `sun_path` holds 108 bytes on Linux and 104 on macOS, the closing zero included.
const MAX_SOCKET_PATH_BYTES = 103;
const TEMPORARY_PREFIX = 'goalsmith-postgres-';

/** Where the server's socket lies. */
export interface SocketDir {
  path: string;
  /** Removes what was made for it outside the data folder. */
  remove(): Promise<void>;
}

/** Chooses the socket's folder: the cluster's home or, where that path is too long for a socket, a temporary one. */
export async function makeSocketDir(
  cluster: Cluster,
  account: PostgresAccount,
): Promise<SocketDir> {
  if (Buffer.byteLength(join(cluster.home, '.s.PGSQL.5432')) <= MAX_SOCKET_PATH_BYTES) {
    return { path: cluster.home, remove: async () => undefined };
  }
  const path = await mkdtemp(join(tmpdir(), TEMPORARY_PREFIX));
  if (process.geteuid?.() === 0) {
    await chown(path, account.owner.uid, account.owner.gid);
  }
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Removes the temporary socket folder of a server that was killed, going by the cluster's `postmaster.pid`. */
export async function removeLeftSocketDir(clusterDir: string): Promise<void> {
  const text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const path = text.split('\n')[4];
  if (!path?.startsWith('/') || !basename(path).startsWith(TEMPORARY_PREFIX)) {
    return;
  }
  // Nobody but us writes that file; still, only a folder straight under the temporary one is ever removed.
  const found = await lstat(path).catch(() => null);
  if (found?.isDirectory() && dirname(path) === tmpdir()) {
    await rm(path, { recursive: true, force: true });
  }
}

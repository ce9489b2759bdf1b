import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SandboxMount } from '../sandbox.js';
import { findProgram, requireProgram } from './programs.js';

/** Mounts as the unprivileged user can open them, and the command line that makes it so. */
export interface StagedMounts {
  /** Goes before the command; empty where nothing had to be staged. */
  prefix: string[];
  mounts: SandboxMount[];
}

/** Whether this process may make a mount namespace of its own: root, outside a container that forbids it. */
export function canStageMounts(): boolean {
  const unshare = findProgram('unshare');
  if (process.getuid?.() !== 0 || unshare === null || findProgram('mount') === null) {
    return false;
  }
  const attempt = spawnSync(unshare, ['-m', 'mount', '-t', 'tmpfs', 'stage', stagingFolder([])], {
    stdio: 'ignore',
  });
  return attempt.status === 0;
}

/**
 * Lets an unprivileged user reach folders below one that only root may enter: root binds them, in a mount namespace
 * of that command alone, below a folder open to all. Modes inside the mounted folders themselves still hold.
 *
 * @throws when staging isn't possible and a mount can't be reached without it.
 */
export async function stageMounts(
  mounts: readonly SandboxMount[],
  canStage: boolean,
): Promise<StagedMounts> {
  const resolved = await Promise.all(
    mounts.map(async ({ host, inside }) => ({ host: await realpath(host), inside })),
  );
  const hidden: SandboxMount[] = [];
  for (const mount of resolved) {
    if (!(await isReachableByOthers(mount.host))) {
      hidden.push(mount);
    }
  }
  const [first] = hidden;
  if (first === undefined) {
    return { prefix: [], mounts: resolved };
  }
  if (!canStage) {
    throw new Error(
      `the sandbox's unprivileged user can't read ${first.host}: open it and its parent folders to others ` +
        '(chmod o+rx), start the server as an ordinary user, or allow CAP_SYS_ADMIN',
    );
  }
  const hosts = hidden.map((mount) => mount.host);
  const folder = stagingFolder(hosts);
  const staged = (mount: SandboxMount): SandboxMount => {
    const index = hidden.indexOf(mount);
    return index < 0 ? mount : { host: `${folder}/${index}`, inside: mount.inside };
  };
  return {
    prefix: [
      ...[requireProgram('unshare'), '-m', '--propagation', 'private', '--'],
      ...['/bin/sh', '-c', BIND_AND_EXEC, 'sh', folder, String(hosts.length), ...hosts],
    ],
    mounts: resolved.map(staged),
  };
}

// $1: folder, $2: how many, then the hosts, then the command. PATH isn't exported: nothing of ours reaches the command.
const BIND_AND_EXEC = `set -e
PATH=/usr/sbin:/usr/bin:/sbin:/bin
stage=$1 count=$2 i=0
shift 2
mount -t tmpfs -o mode=755,size=1m,nosuid,nodev stage "$stage"
while [ $i -lt $count ]; do
  if [ -d "$1" ]; then mkdir "$stage/$i"; else : >"$stage/$i"; fi
  mount --bind "$1" "$stage/$i"
  shift
  i=$((i+1))
done
exec "$@"`;

/** Any folder can serve, since it is covered for one command only; it must not cover what is to be bound. */
function stagingFolder(hosts: readonly string[]): string {
  const folder = ['/mnt', '/media', '/srv', '/opt', '/home'].find(
    (candidate) =>
      existsSync(candidate) && !hosts.some((host) => `${host}/`.startsWith(`${candidate}/`)),
  );
  if (folder === undefined) {
    throw new Error('no folder to stage mounts on: create an empty /mnt');
  }
  return folder;
}

async function isReachableByOthers(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  if ((mode & 0o004) === 0) {
    return false;
  }
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) {
      return false;
    }
    if (folder === '/') {
      return true;
    }
  }
}

import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { codeOf } from '../../../common/error-code.js';
import { ProcessTree } from '../linux/process-tree.js';
import { isPoolUid } from '../linux/uid-pool.js';
import { removeWorkspace } from './remove-workspace.js';

/** Containers that share a temporary folder have process ids of their own, and names of their own. */
const PREFIX = `sandbox-${createHash('sha256').update(hostname()).digest('hex').slice(0, 8)}-`;

/** Makes a temporary folder whose name says which process it belongs to. */
export function makeSandboxFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/**
 * Removes what processes of this machine left that were killed, and ends what still works in it.
 *
 * Only folders of our own user, or of a sandbox's: everybody may write into the temporary folder.
 * @returns how many there were
 */
export async function removeLeftFolders(): Promise<number> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  let removed = 0;
  for (const name of names) {
    const path = join(tmpdir(), name);
    if (await isLeft(path, Number(name.slice(PREFIX.length).split('-')[0]))) {
      await new ProcessTree(null, null).killAll(path);
      await removeWorkspace(path);
      removed += 1;
    }
  }
  return removed;
}

async function isLeft(path: string, owner: number): Promise<boolean> {
  const found = await lstat(path).catch(() => null); // removed by another process that starts
  if (!found?.isDirectory() || !Number.isInteger(owner) || owner <= 0) {
    return false;
  }
  const us = process.geteuid?.();
  const isOurs = found.uid === us || (us === 0 && isPoolUid(found.uid));
  // In a container each process after the other has our number.
  const isOlder = found.mtimeMs < Date.now() - process.uptime() * 1000;
  return isOurs && (owner === process.pid ? isOlder : !isAlive(owner));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

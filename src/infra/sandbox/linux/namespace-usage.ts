import { readdirSync, statfsSync, statSync } from 'node:fs';
import { WORKSPACE } from '../bubblewrap-arguments.js';
import type { Usage } from '../run/watchdog.js';
import { isGone, residentBytesOf } from './memory.js';

/**
 * What a bubblewrap sandbox uses, seen through the root folder of its first process: its own `/proc` lists exactly its
 * processes, whoever their parents are, and its tmpfs can be asked for blocks and inodes.
 *
 * @param initPid the host's id of process 1 inside.
 * @returns `null` while bubblewrap is still setting up, or when all is over.
 * @throws where the server may not look inside (root without CAP_SYS_PTRACE).
 */
export function namespaceUsage(initPid: number): Usage | null {
  const root = `/proc/${initPid}/root`;
  const proc = `${root}/proc`;
  try {
    // Before its last pivot_root bubblewrap still sees the host's /proc, whose processes must not be counted.
    if (statSync(proc).dev === statSync('/proc').dev) {
      return null;
    }
    const workspace = tmpfsUsage(`${root}${WORKSPACE}`);
    const volumes = [workspace, tmpfsUsage(`${root}/tmp`), tmpfsUsage(`${root}/dev/shm`)];
    const pids = readdirSync(proc).filter((entry) => /^\d+$/.test(entry));
    return {
      memoryBytes:
        sum(pids.map((pid) => residentBytesOf(proc, pid))) + sum(volumes.map(({ bytes }) => bytes)),
      diskBytes: workspace.bytes,
      inodes: Math.max(...volumes.map(({ inodes }) => inodes)),
    };
  } catch (error) {
    if (isGone(error)) {
      return null;
    }
    throw error;
  }
}

function tmpfsUsage(folder: string): { bytes: number; inodes: number } {
  const { bsize, blocks, bfree, files, ffree } = statfsSync(folder);
  return { bytes: (blocks - bfree) * bsize, inodes: files - ffree };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

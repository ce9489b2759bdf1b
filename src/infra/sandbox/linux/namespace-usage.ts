import { readdirSync, statfsSync, statSync } from 'node:fs';
import type { Usage } from '../watchdog.js';
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
    let memoryBytes = 0;
    for (const pid of readdirSync(proc)) {
      if (/^\d+$/.test(pid)) {
        memoryBytes += residentBytesOf(proc, pid);
      }
    }
    const [workspace, ...others] = TMPFS.map((folder) => tmpfsUsage(`${root}${folder}`));
    const volumes = workspace ? [workspace, ...others] : others;
    for (const volume of volumes) {
      memoryBytes += volume.bytes;
    }
    return {
      memoryBytes,
      diskBytes: workspace?.bytes ?? 0,
      inodes: Math.max(...volumes.map((volume) => volume.inodes)),
    };
  } catch (error) {
    if (isGone(error)) {
      return null;
    }
    throw error;
  }
}

const TMPFS = ['/workspace', '/tmp', '/dev/shm'];

function tmpfsUsage(folder: string): { bytes: number; inodes: number } {
  const { bsize, blocks, bfree, files, ffree } = statfsSync(folder);
  return { bytes: (blocks - bfree) * bsize, inodes: files - ffree };
}

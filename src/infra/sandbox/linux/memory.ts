import { readFileSync } from 'node:fs';
import { codeOf } from '../../../common/error-code.js';

/** Resident bytes of a process in this `/proc`; 0 when it is gone. Needs no rights and takes no lock, unlike `smaps`. */
export function residentBytesOf(procFolder: string, pid: string): number {
  try {
    return residentBytesIn(readFileSync(`${procFolder}/${pid}/status`, 'latin1'));
  } catch (error) {
    if (isGone(error)) {
      return 0;
    }
    throw error;
  }
}

/**
 * What a `/proc/PID/status` text says the process keeps by itself, in bytes. Page tables count too: they grow by mere
 * reading, and no rlimit sees them.
 */
export function residentBytesIn(status: string): number {
  let kilobytes = 0;
  for (const match of status.matchAll(/^(?:RssAnon|RssShmem|VmPTE|VmSwap):\s+(\d+) kB$/gm)) {
    kilobytes += Number(match[1]);
  }
  return kilobytes * 1024;
}

/** Whether an error only says that the process or file vanished between two looks. */
export function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH', 'ENOTDIR'].includes(codeOf(error));
}

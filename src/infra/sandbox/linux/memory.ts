import { readFileSync } from 'node:fs';

/**
 * Bytes that a process keeps resident by itself, page tables included (they grow by mere reading and no rlimit counts
 * them); 0 when it is gone. `/proc/PID/status` needs no rights and takes no lock of the process, unlike `smaps`.
 */
export function residentBytesOf(procFolder: string, pid: string): number {
  let status: string;
  try {
    status = readFileSync(`${procFolder}/${pid}/status`, 'latin1');
  } catch (error) {
    if (isGone(error)) {
      return 0;
    }
    throw error;
  }
  let kilobytes = 0;
  for (const match of status.matchAll(/^(?:RssAnon|RssShmem|VmPTE|VmSwap):\s+(\d+) kB$/gm)) {
    kilobytes += Number(match[1]);
  }
  return kilobytes * 1024;
}

/** Whether an error only says that the process or file vanished between two looks. */
export function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ESRCH' || code === 'ENOTDIR';
}

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { codeOf } from '../../../common/error-code.js';

const run = promisify(execFile);

/** What tells a process from a later one with the same id. */
export interface ProcessIdentity {
  pid: number;
  /** Start time in clock ticks since boot; `null` where the system has no `/proc`. */
  startedAt: string | null;
}

/** Who a live process is; `null` when there is none with that id, or only its zombie. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  if (!isSignalable(pid)) {
    return null;
  }
  if (platform() !== 'linux') {
    return { pid, startedAt: null };
  }
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field, the name in parentheses, may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startedAt = fields[19];
  return !startedAt || state === 'Z' || state === 'X' ? null : { pid, startedAt };
}

/** The arguments a process was started with; empty when there is no such process or they can't be read. */
export async function argumentsOf(pid: number): Promise<string[]> {
  if (platform() === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.split('\0');
  }
  const found = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => null);
  return found ? found.stdout.trim().split(' ') : [];
}

/** Waits until a process that needn't be our child is gone. Resolves to false when it outlived the limit. */
export async function waitUntilGone(pid: number, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (await identify(pid)) {
    if (Date.now() > deadline) {
      return false;
    }
    await delay(20);
  }
  return true;
}

/** Sends a signal; a process that has ended meanwhile is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') {
      throw error;
    }
  }
}

function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    return codeOf(error) === 'EPERM';
  }
}

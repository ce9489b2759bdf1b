import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { argumentsOf, identify, signalProcess, waitUntilGone } from './embedded-process.js';

/**
 * Ends the database server that a killed process left behind on this cluster, so that a new one can start.
 *
 * Must be called with the data folder's lock held: then whoever started that server is dead.
 *
 * @returns the id of the process that was ended, or `null` when there was none.
 */
export async function endOrphan(clusterDir: string): Promise<number | null> {
  const pidFile = join(clusterDir, 'postmaster.pid');
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!Number.isInteger(pid) || pid <= 1) {
    return null;
  }
  if (!(await identify(pid)) || !(await isServerOf(pid, clusterDir))) {
    // Dead, a zombie, or an unrelated process by now. PostgreSQL can't tell these from a live server and would refuse
    // to start; should back ends of the dead one linger, their shared memory still keeps a new server out.
    await rm(pidFile, { force: true });
    return null;
  }
  // Fast shutdown, then immediate (recovers from its log), then whatever it takes.
  for (const [signal, limitMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signalProcess(pid, signal);
    if (await waitUntilGone(pid, limitMs)) {
      break;
    }
  }
  return pid;
}

async function isServerOf(pid: number, clusterDir: string): Promise<boolean> {
  const args = await argumentsOf(pid);
  return /(^|\/)postgres$/.test(args[0] ?? '') && args.includes(clusterDir);
}

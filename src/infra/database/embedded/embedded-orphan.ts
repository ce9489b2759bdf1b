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
  const isOrphan = pid > 1 && (await identify(pid)) && (await isServerOf(pid, clusterDir));
  if (isOrphan) {
    await endServer(pid);
  }
  // What is left names a dead process, a zombie, or an unrelated one by now. PostgreSQL can't tell these from a live
  // server and would refuse to start; should back ends linger, their shared memory still keeps a new server out.
  await rm(pidFile, { force: true });
  await rm(join(clusterDir, '..', '.s.PGSQL.5432.lock'), { force: true });
  return isOrphan ? pid : null;
}

/** Fast shutdown, then immediate (the next start recovers from the log), then whatever it takes. */
async function endServer(pid: number): Promise<void> {
  for (const [signal, limitMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signalProcess(pid, signal);
    if (await waitUntilGone(pid, limitMs)) {
      return;
    }
  }
}

async function isServerOf(pid: number, clusterDir: string): Promise<boolean> {
  const args = await argumentsOf(pid);
  return /(^|\/)postgres$/.test(args[0] ?? '') && args.includes(clusterDir);
}

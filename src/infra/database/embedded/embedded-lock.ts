import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../../common/startup-error.js';
import { identify } from './embedded-process.js';
import { codeOf } from '../../../common/error-code.js';

/** A held lock on a data folder. */
export interface DataDirLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only one that runs a database in the folder. A lock whose owner has died is taken over.
 *
 * @throws StartupError when another live process, or this one, holds it.
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const path = join(dataDir, 'postgres.lock');
  const mine = `${path}.${process.pid}.${Date.now().toString(36)}`;
  const text = JSON.stringify(await identify(process.pid));
  // Written aside and then linked: nobody ever reads half a lock, and `link` fails where one exists.
  await writeFile(mine, text, { mode: 0o600 });
  try {
    while (!(await tryLink(mine, path))) {
      const found = await readFile(path, 'utf8').catch(() => null);
      const owner = found === null ? null : await liveOwnerOf(found);
      if (owner !== null) {
        throw new StartupError(
          `DATA_DIR=${dataDir} is in use by process ${owner}: stop that server, or give this one another DATA_DIR.`,
        );
      }
      if (found !== null) {
        await removeStale(path, found);
      }
    }
  } finally {
    await rm(mine, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

async function liveOwnerOf(text: string): Promise<number | null> {
  let lock: { pid?: unknown; startedAt?: unknown };
  try {
    lock = JSON.parse(text) as typeof lock;
  } catch {
    return null; // torn by a power cut
  }
  const live = typeof lock.pid === 'number' ? await identify(lock.pid) : null;
  return live && live.startedAt === lock.startedAt ? live.pid : null;
}

/** Of two starts that both see the stale lock, only one may remove it: the other's would be the first one's new lock. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return; // the other was faster
  }
  if ((await readFile(aside, 'utf8')) !== stale) {
    await tryLink(aside, path); // that was a live lock: back with it
  }
  await rm(aside, { force: true });
}

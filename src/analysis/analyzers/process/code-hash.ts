import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hostPath } from './engine-process.js';

const ROOT = 'dist/src/analysis';
const manifest = z.object({ version: z.string() });
const known = new Map<string, Promise<string>>();

/**
 * A few letters that change with any change of our own code, tables of rules and readers of reports included: part of
 * an engine's version.
 *
 * @param folders Compiled, as they run, below the analysis; all of these engines need `analyzers/process` as well.
 */
export function codeHash(...folders: readonly string[]): Promise<string> {
  const key = folders.join('\n');
  const hash = known.get(key) ?? hashOf([...folders, 'analyzers/process']);
  known.set(key, hash);
  hash.catch(() => known.delete(key));
  return hash;
}

/** Such as `3.0.0+5f3a91c2`: the version of an engine that is all our own. */
export async function ownVersion(...folders: readonly string[]): Promise<string> {
  const { version } = manifest.parse(JSON.parse(await readFile(hostPath('package.json'), 'utf8')));
  return `${version}+${await codeHash(...folders)}`;
}

async function hashOf(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const path = hostPath(join(ROOT, folder));
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) {
      hash.update(`${file.slice(path.length)}\n`).update(await readFile(file));
    }
  }
  return hash.digest('hex').slice(0, 8);
}

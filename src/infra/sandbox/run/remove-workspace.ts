import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes the folder, also what its owner was denied (`chmod 500`). */
export async function removeWorkspace(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    await openUp(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      await openUp(join(folder, entry.name));
    }
  }
}

import { chown, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WORKSPACE } from '../bubblewrap-arguments.js';
import type { SandboxMount } from '../sandbox.js';
import { removeWorkspace } from './remove-workspace.js';
import { makeSandboxFolder } from './sandbox-folder.js';

/** A folder on disk that only its owner may enter, with a workspace and a temporary folder in it. */
export interface ProcessWorkspace {
  folder: string;
  /** `/workspace` and `/tmp`, as the command's user reaches them. */
  mounts: SandboxMount[];
}

/** Makes the folder and writes the files, all owned by `uid` where that is given. Mounts below `/workspace` become links. */
export async function createWorkspace(
  files: ReadonlyMap<string, Buffer>,
  mounts: readonly SandboxMount[],
  uid: number | null,
): Promise<ProcessWorkspace> {
  const folder = await realpath(await makeSandboxFolder());
  try {
    const [workspace, temporary] = [join(folder, 'workspace'), join(folder, 'tmp')];
    const made = [folder, workspace, temporary];
    await Promise.all([mkdir(workspace), mkdir(temporary)]);
    for (const [path, content] of files) {
      made.push(...(await makeFolders(join(workspace, dirname(path)))), join(workspace, path));
      await writeFile(join(workspace, path), content, { mode: 0o644 });
    }
    for (const { host, inside } of mounts.filter((m) => m.inside.startsWith(`${WORKSPACE}/`))) {
      const link = join(folder, 'workspace', inside.slice(WORKSPACE.length));
      made.push(...(await makeFolders(dirname(link))));
      await symlink(host, link);
    }
    if (uid !== null) {
      await Promise.all(made.map((path) => chown(path, uid, uid)));
    }
    return {
      folder,
      mounts: [
        { host: workspace, inside: WORKSPACE },
        { host: temporary, inside: '/tmp' },
      ],
    };
  } catch (error) {
    await removeWorkspace(folder);
    throw error;
  }
}

/** @returns the folders that had to be made. */
async function makeFolders(path: string): Promise<string[]> {
  const first = await mkdir(path, { recursive: true });
  const made: string[] = [];
  for (let folder = path; first !== undefined && folder.length >= first.length;) {
    made.push(folder);
    folder = dirname(folder);
  }
  return made;
}

import { access, constants, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../common/error-code.js';
import { StartupError } from '../common/startup-error.js';

const NOT_A_FOLDER = ['ENOTDIR', 'EEXIST', 'ENOENT', 'ELOOP', 'ENAMETOOLONG'];
const NOT_OURS = ['EACCES', 'EPERM', 'EROFS'];

/**
 * Makes DATA_DIR where it is missing. Every role needs it: workers keep toolchains there, one process its database.
 * @returns its real path
 * @throws StartupError where it can't be made or written
 */
export async function makeDataDir(path: string): Promise<string> {
  try {
    await makeFolder(resolve(path));
    const dataDir = await realpath(path);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return dataDir;
  } catch (error) {
    throw asDataDirError(error, path) ?? error;
  }
}

/** What went wrong with files in DATA_DIR, in one line for the operator; `null`: it was something else. */
export function asDataDirError(error: unknown, dataDir: string): StartupError | null {
  const code = codeOf(error);
  if (code === 'ENOSPC') {
    return new StartupError(
      `DATA_DIR=${dataDir} has no space left: free some, or give the server another DATA_DIR.`,
      { cause: error },
    );
  }
  if (NOT_A_FOLDER.includes(code)) {
    return new StartupError(
      `DATA_DIR=${dataDir} can't be made a folder (${code}): give the server another DATA_DIR.`,
      { cause: error },
    );
  }
  if (NOT_OURS.includes(code)) {
    return new StartupError(
      `DATA_DIR=${dataDir} can't be written by this user (${code}): change its owner, ` +
        'or give the server another DATA_DIR.',
      { cause: error },
    );
  }
  return null;
}

/** Not `mkdir` with `recursive`: on a file system that takes no folders, such as `/proc`, Node's never returns. */
async function makeFolder(path: string): Promise<void> {
  // Others may pass through, not look: a sandbox's user must reach the toolchains; every secret has its own lock.
  const make = (): Promise<void> => mkdir(path, { mode: 0o711 });
  try {
    await make();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeFolder(dirname(path));
      await make();
    } else if (code !== 'EEXIST' || !(await stat(path)).isDirectory()) {
      throw error;
    }
  }
}

import { StartupError } from '../../common/startup-error.js';

/** The server ended before it took connections; the message holds its last log lines. */
export class PostgresDidNotStart extends Error {
  override name = 'PostgresDidNotStart';
}

const NOT_A_FOLDER = ['ENOTDIR', 'EEXIST', 'ENOENT', 'ELOOP', 'ENAMETOOLONG'];
const NOT_OURS = ['EACCES', 'EPERM', 'EROFS'];

/** Puts what went wrong while the database started into one line for the operator; bugs pass unchanged. */
export function asStartupError(error: unknown, dataDir: string): unknown {
  if (error instanceof StartupError || typeof error !== 'object' || error === null) {
    return error;
  }
  const options = { cause: error };
  // `code` is a word where a file operation failed and an exit status where a program did.
  const code = 'code' in error ? String(error.code) : '';
  const stderr = 'stderr' in error ? String(error.stderr) : '';
  const output = stderr || (error instanceof PostgresDidNotStart ? error.message : '');

  if (code === 'ENOSPC' || /No space left on device|Disk quota exceeded/.test(output)) {
    const message = `DATA_DIR=${dataDir} has no space left: free some, or give the server another DATA_DIR.`;
    return new StartupError(message, options);
  }
  if (NOT_A_FOLDER.includes(code)) {
    const message = `DATA_DIR=${dataDir} can't be made a folder (${code}): give the server another DATA_DIR.`;
    return new StartupError(message, options);
  }
  if (NOT_OURS.includes(code)) {
    const message =
      `DATA_DIR=${dataDir} can't be written by this user (${code}): change its owner, ` +
      'or give the server another DATA_DIR.';
    return new StartupError(message, options);
  }
  if (output) {
    const lines = output.trim().split('\n');
    const reason = lines.find((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? '';
    const message =
      `The embedded PostgreSQL in DATA_DIR=${dataDir} does not start (${reason}): ` +
      'give the server another DATA_DIR, or set DATABASE_URL to a PostgreSQL server.';
    return new StartupError(message, options);
  }
  return error;
}

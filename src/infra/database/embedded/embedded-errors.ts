import { StartupError } from '../../../common/startup-error.js';
import { asDataDirError } from '../../data-dir.js';

/** The server ended before it took connections; the message holds its last log lines. */
export class PostgresDidNotStart extends Error {
  override name = 'PostgresDidNotStart';
}

/** Puts what went wrong while the database started into one line for the operator; bugs pass unchanged. */
export function asStartupError(error: unknown, dataDir: string): unknown {
  if (error instanceof StartupError || typeof error !== 'object' || error === null) {
    return error;
  }
  const options = { cause: error };
  const stderr = 'stderr' in error ? String(error.stderr) : '';
  const output = stderr || (error instanceof PostgresDidNotStart ? error.message : '');
  const isFull = /No space left on device|Disk quota exceeded/.test(output);
  const dataDirError = asDataDirError(isFull ? { code: 'ENOSPC' } : error, dataDir);
  if (dataDirError) {
    return dataDirError;
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

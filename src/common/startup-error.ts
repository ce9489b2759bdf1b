/**
 * The server can't start, and the operator can change that: the message is one clear line that names the setting
 * and the remedy. `main.ts` prints it without a stack trace and exits with status 1.
 */
export class StartupError extends Error {
  override name = 'StartupError';
}

/**
 * The first import of whatever `sealed.sh` starts: what a program can do itself to be left alone by the tests.
 */
import { rmSync } from 'node:fs';

// By default this signal opens the debugger, to whoever asks.
process.on('SIGUSR1', () => undefined);

/** Puts the program's own path in the place of the loader's, which is needed no more. */
export function unseal(program) {
  if (process.execPath !== program) {
    rmSync(process.execPath, { force: true });
    process.execPath = program;
  }
}

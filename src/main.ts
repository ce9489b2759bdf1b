import 'reflect-metadata';
import { config as readDotEnv } from 'dotenv';
import { StartupError } from './common/startup-error.js';
import { startServer } from './server.js';

readDotEnv({ quiet: true });
const starting = startServer(process.env);
starting.catch(fail);

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isStopping) {
      return;
    }
    isStopping = true;
    // Also in the middle of the start: what is half up is taken down in order.
    starting.then((server) => server.stop()).then(() => process.exit(0), fail);
  });
}

function fail(error: unknown): void {
  // What an operator can mend needs no stack; a bug does.
  const text =
    error instanceof StartupError
      ? error.message
      : `Could not go on: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

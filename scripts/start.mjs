/** `npm start`: installs what is missing, builds what is stale, and becomes the server. */
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { isFresh } from './build.mjs';
import { installMissing, main, root, runChild, ScriptError } from './project.mjs';

await main(async () => {
  await installMissing();
  if (!isFresh()) {
    console.error('Building (a few seconds) ...');
    // A process of its own: the compiler's memory must not stay with the server.
    const { status, output } = await runChild(process.execPath, [
      join(root, 'scripts', 'build.mjs'),
    ]);
    if (status !== 0) {
      throw new ScriptError(output.trim() || `The build failed with status ${status}.`);
    }
  }
  // In this process, so that signals go straight to the server.
  await import(pathToFileURL(join(root, 'dist', 'src', 'main.js')).href);
});

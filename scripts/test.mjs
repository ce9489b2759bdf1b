/** `npm test`: installs what is missing, runs every tier, and ends with a plain count. Arguments go to jest. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { endOnSignal, installMissing, main, root, runChild, ScriptError } from './project.mjs';

const TIERS = [
  { tier: 'redis', title: 'Redis', program: 'redis-server', install: 'redis-server' },
  { tier: 'bubblewrap', title: 'bubblewrap', program: 'bwrap', install: 'bubblewrap' },
  { tier: 'faketime', title: 'faketime', program: 'faketime', install: 'faketime' },
];

await main(async () => {
  await installMissing({ signalStatus });
  await build();
  const { status, counts } = await runJest(process.argv.slice(2));
  if (counts) {
    for (const { tier, title, program, install } of TIERS) {
      if (counts[tier] > 0 && !isOnPath(program)) {
        console.log(
          `Tests of the ${title} tier left out: ${counts[tier]}; install ${install} ` +
            `(on Debian: apt-get install ${install}) to run them.`,
        );
      }
    }
    if (counts.tmpfs > 0) {
      console.log(`Tests of a full disk left out: ${counts.tmpfs}; a tmpfs can't be mounted here.`);
    }
    if (counts.unloadable > 0) {
      console.log(
        `Test files that could not be run: ${counts.unloadable}; each counts as one failed.`,
      );
    }
    const failed = counts.failed + counts.unloadable;
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    console.log(`${counts.passed} passed, ${failed} failed${skipped}`);
  }
  process.exitCode = status;
});

/** The end-to-end tests run the built product. */
async function build() {
  const script = join(root, 'scripts', 'build.mjs');
  const { status, output } = await runChild(process.execPath, [script], { signalStatus });
  if (status !== 0) {
    throw new ScriptError(output.trim() || `The build failed with status ${status}.`);
  }
}

async function runJest(args) {
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
      // Before the reporters, which take every name that follows them for another one.
      ...args,
      '--reporters=default',
      `--reporters=${join(root, 'scripts', 'count-reporter.mjs')}`,
    ],
    // The last one carries the counts; jest's own output stays as it is.
    { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
  let counts = null;
  child.on('message', (message) => (counts = message));
  const signalled = endOnSignal((signal) => child.kill(signal));
  const status = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  const signal = signalled.finish();
  return signal ? { status: signalStatus(signal), counts: null } : { status, counts };
}

/** An interrupted run must not look green. */
function signalStatus(signal) {
  return signal === 'SIGINT' ? 130 : 143;
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

import { StartupError } from '../../common/startup-error.js';
import { BubblewrapSandbox, bubblewrapProblem } from './bubblewrap-sandbox.js';
import { ProcessSandbox } from './process-sandbox.js';
import { removeLeftFolders } from './run/sandbox-folder.js';
import type { Sandbox } from './sandbox.js';
import { selfTest } from './self-test.js';

export type SandboxMode = 'auto' | 'bwrap' | 'none';

const SWEEP_EVERY_MS = 10_000;

export type SandboxLog = (level: 'info' | 'warn', message: string) => void;

/**
 * Chooses the sandbox once, at start, by the setting SANDBOX.
 * @throws StartupError with one line for the operator where `bwrap` is demanded and can't be had.
 */
export async function createSandbox(mode: SandboxMode, log: SandboxLog): Promise<Sandbox> {
  await sweep(log);
  // Where nobody starts the killed process again, its neighbours clean up.
  setInterval(() => void sweep(log), SWEEP_EVERY_MS).unref();
  if (mode === 'none') {
    const reason = 'SANDBOX=none: all code runs in limited child processes, without isolation';
    log('warn', reason);
    return new ProcessSandbox({ acceptsUntrusted: true, reason });
  }
  const attempt = await tryBubblewrap();
  if (typeof attempt !== 'string') {
    log('info', 'sandbox: bubblewrap, its self-test passed');
    return attempt;
  }
  if (mode === 'bwrap') {
    throw new StartupError(`SANDBOX=bwrap, but ${attempt}`);
  }
  log('warn', `no sandbox: ${attempt}; code that isn't wholly from the blueprints is refused`);
  return new ProcessSandbox({ acceptsUntrusted: false, reason: attempt });
}

/** What can't be removed now is there the next time. */
async function sweep(log: SandboxLog): Promise<void> {
  const left = await removeLeftFolders().catch((error: unknown) => {
    log('warn', `workspaces of killed processes not removed: ${String(error)}`);
    return 0;
  });
  if (left > 0) {
    log('info', `removed ${left} workspaces of processes that were killed`);
  }
}

/** @returns why it can't be used, with the remedy, where it can't. */
async function tryBubblewrap(): Promise<BubblewrapSandbox | string> {
  const problem = bubblewrapProblem();
  if (problem !== null) {
    return problem;
  }
  try {
    const sandbox = new BubblewrapSandbox();
    const { passed, failures } = await selfTest(sandbox);
    return passed ? sandbox : withRemedy(`bubblewrap's self-test failed: ${failures.join('; ')}`);
  } catch (error) {
    return withRemedy(
      `bubblewrap's self-test failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function withRemedy(failure: string): string {
  const remedy = REMEDIES.find(([symptom]) => symptom.test(failure))?.[1];
  return remedy === undefined ? failure : `${failure} (${remedy})`;
}

const REMEDIES: [symptom: RegExp, remedy: string][] = [
  [
    /mount proc/i,
    'the container hides parts of /proc: with Docker add --security-opt systempaths=unconfined',
  ],
  [
    /namespace|uid map|not permitted|permission denied/i,
    'allow unprivileged user namespaces: sysctl -w user.max_user_namespaces=10000 ' +
      'kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0, as far as they exist; ' +
      'with Docker also --security-opt seccomp=unconfined --security-opt apparmor=unconfined',
  ],
  [/watchdog/, 'start the server as an ordinary user, or allow CAP_SYS_PTRACE'],
];

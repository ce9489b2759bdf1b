import { spawn } from 'node:child_process';

/** What npm and pip say of a failure stands at the end. */
const MAX_STDERR_CHARACTERS = 64 * 1024;

export interface InstallOptions {
  env: NodeJS.ProcessEnv;
  timeoutMs: number;
  cwd?: string;
  /** Ends the command with all that it started. */
  signal: AbortSignal;
}

/** An installer ended with a failure. */
class InstallFailed extends Error {
  override name = 'InstallFailed';

  constructor(
    message: string,
    readonly stderr: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Runs a program that installs something, in a process group of its own: nothing of it outlives the server.
 *
 * @throws InstallFailed; the signal's reason when aborted.
 */
export async function runInstaller(
  program: string,
  args: readonly string[],
  { env, timeoutMs, cwd, signal }: InstallOptions,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(program, args, {
    env,
    ...(cwd !== undefined && { cwd }),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => {
    stderr = (stderr + piece.toString('utf8')).slice(-MAX_STDERR_CHARACTERS);
  });
  const stop = () => killGroup(child.pid);
  const timer = setTimeout(stop, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [status, killedBy] = await new Promise<[number | null, string | null]>(
      (resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, by) => resolve([code, by]));
      },
    );
    signal.throwIfAborted();
    if (status !== 0) {
      throw new InstallFailed(`${program} ended with ${status ?? String(killedBy)}`, stderr);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid !== undefined) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Already gone, which is what was asked for.
    }
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const MAX_LOG_LENGTH = 8 * 1024 * 1024;
/** What a server needs of ours: where programs are, and how pip reaches its index. None of our settings. */
const PASSED_ON = /^(PATH|HOME|LANG|LC_\w+|TMPDIR|PYTHON|PIP_\w+|SSL_CERT_\w+|\w+_proxy)$/i;

export interface ExitStatus {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The built product as a process of its own. */
export class SystemProcess {
  readonly exited: Promise<ExitStatus>;
  private output = '';
  private hasExited = false;

  private constructor(private readonly child: ChildProcess) {
    this.exited = once(child, 'exit').then(([code, signal]) => {
      this.hasExited = true;
      return { code, signal } as ExitStatus;
    });
    child.stdout?.on('data', (chunk: Buffer) => this.keep(chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.keep(chunk));
  }

  /**
   * @param folder Its working directory, where no `.env` lies.
   * @returns when it says that it is ready. @throws with what it said where it ends before.
   */
  static async start(folder: string, settings: Record<string, string>): Promise<SystemProcess> {
    const server = SystemProcess.launch(folder, settings);
    await server.said(/^Ready: /m);
    return server;
  }

  /** Starts it without waiting for anything, for settings that it refuses. */
  static launch(folder: string, settings: Record<string, string>): SystemProcess {
    const inherited = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name));
    const child = spawn(process.execPath, [MAIN], {
      cwd: folder,
      env: { ...Object.fromEntries(inherited), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // An interrupted run leaves nothing behind: on SIGTERM the server ends its database too.
    const end = (): boolean => child.kill('SIGTERM');
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
    return new SystemProcess(child);
  }

  /** Everything it wrote, the newest where that is too much. */
  get log(): string {
    return this.output;
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    const port = /^Ready: http:\/\/localhost:(\d+)$/m.exec(this.output)?.[1];
    return `http://127.0.0.1:${port}`;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return !this.hasExited;
  }

  /** Resolves once its output has what is looked for. @throws where it ends without. */
  async said(what: RegExp): Promise<void> {
    while (!what.test(this.output)) {
      const more = once(this.child.stdout ?? this.child, 'data').then(() => true);
      const isMore = await Promise.race([more, this.exited.then(() => false)]);
      if (!isMore && !what.test(this.output)) {
        throw new Error(`The server ended without ${what}:\n${this.output}`);
      }
    }
  }

  signal(signal: NodeJS.Signals): Promise<ExitStatus> {
    this.child.kill(signal);
    return this.exited;
  }

  async stop(): Promise<ExitStatus> {
    return this.signal('SIGTERM');
  }

  private keep(chunk: Buffer): void {
    this.output = (this.output + chunk.toString('utf8')).slice(-MAX_LOG_LENGTH);
  }
}

/** What a sandboxed command may use. Every field is a hard limit; passing it ends the command. */
export interface SandboxLimits {
  timeoutMs: number;
  cpuSeconds: number;
  /** Resident memory of the whole process tree, tmpfs included. */
  memoryBytes: number;
  processes: number;
  /** Of stdout and stderr, each; what comes after is dropped and `outputTruncated` says so. */
  outputBytes: number;
  /** Of the report; what comes after is dropped and `reportTruncated` says so. */
  reportBytes: number;
  /** Of the workspace. */
  diskBytes: number;
  /** Files and folders in the workspace. */
  inodes: number;
}

/** A host folder or file that the command may read, at the path where it sees it. */
export interface SandboxMount {
  host: string;
  inside: string;
}

export interface SandboxCommand {
  /** The program and its arguments; never put through a shell. */
  argv: string[];
  /** The whole environment: nothing of the server's own is passed on. */
  env?: Record<string, string>;
  /** Path relative to the workspace -> content. Copied in: the command can change its copy only. */
  files: ReadonlyMap<string, Buffer>;
  /** Read-only, for toolchains. */
  mounts?: SandboxMount[];
  limits?: Partial<SandboxLimits>;
  /** Called with each piece of the report as it comes, for progress; the whole is in the result. Must not throw. */
  onReport?: (piece: Buffer) => void;
  /**
   * Who wrote the code that runs. `blueprint`: it came whole from our own templates, so that limited child
   * processes are enough where there is no isolation; `untrusted`: a model's or an upload's.
   */
  trust: 'blueprint' | 'untrusted';
}

/** Why a command ended other than by itself. */
export type SandboxStop = 'timeout' | 'aborted' | 'memory' | 'inodes' | 'disk';

export interface SandboxResult {
  /** `null`: ended by a signal. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** `null`: it ended by itself. */
  stopped: SandboxStop | null;
  stdout: Buffer;
  stderr: Buffer;
  /** What the command wrote to file descriptor `REPORT_FD`: machine-readable reports leave only through it. */
  report: Buffer;
  /** stdout or stderr passed `outputBytes`. */
  outputTruncated: boolean;
  /** The report passed `reportBytes`: it is incomplete. */
  reportTruncated: boolean;
  durationMs: number;
}

/** The pipe through which reports leave a sandbox: files of a hostile workspace are never read back. */
export const REPORT_FD = 4;

export interface SandboxStatus {
  kind: 'bubblewrap' | 'process';
  /** Whether untrusted code may run here. */
  acceptsUntrusted: boolean;
  /** Whether the code runs without network, host files and the server's privileges. */
  isolated: boolean;
  /** Why it is not isolated, and the remedy; `null` where it is. */
  reason: string | null;
}

/**
 * Runs a command on code that may be hostile: no network, no host files, no secrets, limits on everything, and
 * nothing of it survives the end.
 */
export abstract class Sandbox {
  abstract readonly status: SandboxStatus;

  /**
   * Runs one command in a workspace of its own and resolves when its whole process group is dead.
   *
   * Never rejects for what the command does: a crash, a timeout and an abort are results.
   * @throws SandboxRefused when the code's `trust` isn't enough for this sandbox.
   */
  abstract run(command: SandboxCommand, signal: AbortSignal): Promise<SandboxResult>;
}

export class SandboxRefused extends Error {
  override name = 'SandboxRefused';
}

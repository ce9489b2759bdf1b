import { join } from 'node:path';
import { FolderMeter } from './run/folder-meter.js';
import { canStageMounts, stageMounts, type StagedMounts } from './linux/mount-staging.js';
import { ProcessTree } from './linux/process-tree.js';
import { findProgram } from './linux/programs.js';
import { dropPrivilegesTo, UidPool } from './linux/uid-pool.js';
import { PathTranslation } from './run/path-translation.js';
import { createWorkspace, type ProcessWorkspace } from './run/process-workspace.js';
import { removeWorkspace } from './run/remove-workspace.js';
import { openReportPipe } from './run/report-pipe.js';
import {
  Sandbox,
  SandboxRefused,
  type SandboxCommand,
  type SandboxLimits,
  type SandboxMount,
  type SandboxResult,
  type SandboxStatus,
} from './sandbox.js';
import { DEFAULT_ENV, DEFAULT_LIMITS, limitArguments } from './sandbox-limits.js';
import { endedBefore, supervise } from './run/supervise.js';
import { assertCommand, overflowOf } from './run/workspace-files.js';

export interface ProcessSandboxOptions {
  acceptsUntrusted: boolean;
  /** For the status: why there is no isolation, and the remedy. */
  reason: string;
}

/**
 * Runs each command as a child process with limits, in a folder of its own: it can read what its user can read and use
 * the network. Where the server is root, that user is an unprivileged one.
 *
 * Paths inside (`/workspace`, `/tmp`, mounts) are translated in arguments, environment and output; see PathTranslation.
 */
export class ProcessSandbox extends Sandbox {
  readonly status: SandboxStatus;
  private readonly uids =
    process.getuid?.() === 0 && findProgram('setpriv') !== null ? new UidPool() : null;
  private readonly canStage = canStageMounts();

  constructor(options: ProcessSandboxOptions) {
    super();
    this.status = { kind: 'process', isolated: false, ...options };
  }

  async run(command: SandboxCommand, signal: AbortSignal): Promise<SandboxResult> {
    if (command.trust === 'untrusted' && !this.status.acceptsUntrusted) {
      throw new SandboxRefused(`untrusted code can't run here: ${this.status.reason}`);
    }
    assertCommand(command);
    const limits = { ...DEFAULT_LIMITS, ...command.limits };
    const overflow = overflowOf(command.files, limits);
    if (overflow !== null) {
      return endedBefore(overflow);
    }
    const uid = (await this.uids?.acquire()) ?? null;
    try {
      return signal.aborted
        ? endedBefore('aborted')
        : await this.runAs(uid, command, limits, signal);
    } finally {
      if (uid !== null) {
        this.uids?.release(uid);
      }
    }
  }

  private async runAs(
    uid: number | null,
    command: SandboxCommand,
    limits: SandboxLimits,
    signal: AbortSignal,
  ): Promise<SandboxResult> {
    const staged = await this.stage(uid, command.mounts ?? []);
    const workspace = await createWorkspace(command.files, staged.mounts, staged.uid);
    try {
      return await this.runIn(workspace, staged, command, limits, signal);
    } finally {
      await removeWorkspace(workspace.folder);
    }
  }

  private async runIn(
    workspace: ProcessWorkspace,
    staged: StagedForUser,
    command: SandboxCommand,
    limits: SandboxLimits,
    signal: AbortSignal,
  ): Promise<SandboxResult> {
    const { folder } = workspace;
    const paths = new PathTranslation([...workspace.mounts, ...staged.mounts]);
    const env = Object.entries({ ...DEFAULT_ENV, ...command.env });
    const report = await openReportPipe(folder);
    const meter = new FolderMeter(folder, limits.inodes);
    let tree: ProcessTree | null = null;
    try {
      const result = await supervise(
        {
          argv: [
            ...staged.prefix,
            ...(staged.uid === null ? [] : dropPrivilegesTo(staged.uid)),
            ...resourceLimits(limits, staged.uid),
            ...[
              '/usr/bin/env',
              '-i',
              ...env.map(([name, value]) => `${name}=${paths.toHost(value)}`),
            ],
            ...command.argv.map((argument) => paths.toHost(argument)),
          ],
          cwd: join(folder, 'workspace'),
          env: {},
          limits,
          stdin: null,
          report,
          onReport: command.onReport,
          inputs: [],
          hasInfo: false,
          measure: (pid) => {
            tree ??= new ProcessTree(pid, staged.uid);
            const { bytes: diskBytes, inodes } = meter.usage;
            return { memoryBytes: tree.memoryBytes(), diskBytes, inodes };
          },
          everyMs: 100,
        },
        signal,
      );
      const { stdout, stderr } = result;
      return {
        ...result,
        stopped: result.signal === 'SIGXCPU' ? 'timeout' : result.stopped,
        stdout: paths.toInside(stdout),
        stderr: paths.toInside(stderr),
        report: paths.toInside(result.report),
      };
    } finally {
      meter.stop();
      report.reader.destroy();
      await (tree ?? new ProcessTree(null, staged.uid)).killAll(folder);
    }
  }

  /** Where neither modes nor staging let another user reach the mounts, the command runs as the server's own. */
  private async stage(uid: number | null, mounts: readonly SandboxMount[]): Promise<StagedForUser> {
    if (uid === null) {
      return { prefix: [], mounts: [...mounts], uid };
    }
    try {
      return { ...(await stageMounts(mounts, this.canStage)), uid };
    } catch {
      return { prefix: [], mounts: [...mounts], uid: null };
    }
  }
}

interface StagedForUser extends StagedMounts {
  uid: number | null;
}

function resourceLimits(limits: SandboxLimits, uid: number | null): string[] {
  const prlimit = findProgram('prlimit');
  if (prlimit === null) {
    return [];
  }
  // The process limit counts all of a user's processes: it fits only a user that has no others.
  const all = limitArguments(limits);
  return [prlimit, ...all.filter((option) => uid !== null || !option.startsWith('--nproc'))];
}

import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { bubblewrapArguments, ETC_FILES } from './bubblewrap-arguments.js';
import { canStageMounts, stageMounts } from './linux/mount-staging.js';
import { namespaceUsage } from './linux/namespace-usage.js';
import { findProgram, requireProgram } from './linux/programs.js';
import { seccompProgram } from './linux/seccomp-program.js';
import { dropPrivilegesTo, UidPool } from './linux/uid-pool.js';
import { makeSandboxFolder } from './run/sandbox-folder.js';
import { openReportPipe, type ReportPipe } from './run/report-pipe.js';
import {
  Sandbox,
  type SandboxCommand,
  type SandboxLimits,
  type SandboxResult,
  type SandboxStatus,
} from './sandbox.js';
import { DEFAULT_ENV, DEFAULT_LIMITS } from './sandbox-limits.js';
import { endedBefore, supervise } from './run/supervise.js';
import { assertCommand, overflowOf, tarOf } from './run/workspace-files.js';

/**
 * Why bubblewrap can't be used here, with the remedy; `null` where what it needs is installed.
 * Whether it isolates is another question: `selfTest` asks it.
 */
export function bubblewrapProblem(): string | null {
  if (process.platform !== 'linux') {
    return `bubblewrap needs Linux, not ${process.platform}`;
  }
  if (seccompProgram(process.arch) === null) {
    return `no seccomp filter for the processor ${process.arch}`;
  }
  const needed = ['prlimit', 'tar', 'env', 'mkfifo', ...(isRoot() ? ['setpriv'] : [])];
  const missing = ['bwrap', ...needed].filter((name) => findProgram(name) === null);
  if (missing.includes('bwrap')) {
    return 'bubblewrap is not installed (apt install bubblewrap)';
  }
  if (missing.length > 0) {
    return `not installed: ${missing.join(', ')} (util-linux, tar, coreutils)`;
  }
  return versionOf() < 6 ? 'bubblewrap is older than 0.6' : null;
}

/** Runs each command in namespaces of its own, under a seccomp filter and, where the server is root, another user. */
export class BubblewrapSandbox extends Sandbox {
  readonly status: SandboxStatus = {
    kind: 'bubblewrap',
    acceptsUntrusted: true,
    isolated: true,
    reason: null,
  };
  private readonly uids = isRoot() ? new UidPool() : null;
  private readonly canStage = canStageMounts();
  private readonly canDisableUserns = versionOf() >= 8;
  private readonly inputs: Buffer[];

  /** @throws where `bubblewrapProblem` names one. */
  constructor() {
    super();
    const filter = seccompProgram(process.arch);
    const problem = bubblewrapProblem();
    if (problem !== null || filter === null) {
      throw new Error(problem ?? 'no seccomp filter');
    }
    this.inputs = [...Object.values(ETC_FILES).map((text) => Buffer.from(text)), filter];
  }

  async run(command: SandboxCommand, signal: AbortSignal): Promise<SandboxResult> {
    assertCommand(command);
    const limits = { ...DEFAULT_LIMITS, ...command.limits };
    const overflow = overflowOf(command.files, limits);
    if (overflow !== null) {
      return endedBefore(overflow);
    }
    const uid = await this.uids?.acquire();
    try {
      return signal.aborted
        ? endedBefore('aborted')
        : await this.runAs(uid, command, limits, signal);
    } finally {
      if (uid !== undefined) {
        this.uids?.release(uid);
      }
    }
  }

  private async runAs(
    uid: number | undefined,
    command: SandboxCommand,
    limits: SandboxLimits,
    signal: AbortSignal,
  ): Promise<SandboxResult> {
    // As an ordinary user the server can read whatever it can name: nothing to stage.
    const staged =
      uid === undefined
        ? { prefix: [], mounts: command.mounts ?? [] }
        : await stageMounts(command.mounts ?? [], this.canStage);
    const report = await openUnnamedPipe();
    try {
      const result = await supervise(
        {
          argv: [
            ...staged.prefix,
            ...(uid === undefined ? [] : dropPrivilegesTo(uid)),
            requireProgram('bwrap'),
            ...bubblewrapArguments({
              limits,
              mounts: staged.mounts,
              env: { ...DEFAULT_ENV, ...command.env },
              argv: command.argv,
              hasFiles: command.files.size > 0,
              canDisableUserns: this.canDisableUserns,
              fds: {
                etc: FIRST_INPUT,
                seccomp: FIRST_INPUT + this.inputs.length - 1,
                info: FIRST_INPUT + this.inputs.length,
              },
            }),
          ],
          cwd: '/',
          // `/proc/PID/environ` of bubblewrap itself would show it inside, whatever --clearenv does.
          env: {},
          limits,
          stdin: command.files.size > 0 ? tarOf(command.files) : null,
          report,
          onReport: command.onReport,
          inputs: this.inputs,
          hasInfo: true,
          measure: (_, initPid) => (initPid === null ? null : namespaceUsage(initPid)),
          everyMs: 50,
        },
        signal,
      );
      return withSignal(result);
    } finally {
      report.reader.destroy();
    }
  }
}

const FIRST_INPUT = 5;

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The x of bubblewrap 0.x; it has never had another major version. */
function versionOf(): number {
  const { stdout } = spawnSync(requireProgram('bwrap'), ['--version'], { encoding: 'utf8' });
  return Number(/ \d+\.(\d+)/.exec(stdout)?.[1] ?? 0);
}

async function openUnnamedPipe(): Promise<ReportPipe> {
  const folder = await makeSandboxFolder();
  try {
    return await openReportPipe(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A shell says "ended by signal n" as 128 + n. */
function withSignal(result: SandboxResult): SandboxResult {
  const number = (result.exitCode ?? 0) - 128;
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  const signal = name as NodeJS.Signals | undefined;
  if (signal === undefined) {
    return result;
  }
  // The limit on processor time speaks by this signal.
  return signal === 'SIGXCPU'
    ? { ...result, exitCode: null, signal, stopped: 'timeout' }
    : { ...result, exitCode: null, signal };
}

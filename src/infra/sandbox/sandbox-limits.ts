import type { SandboxLimits } from './sandbox.js';

const MIB = 1024 * 1024;

/** Fits PostgreSQL beside a Python or Node test run; `processes` counts threads too. */
export const DEFAULT_LIMITS: Readonly<SandboxLimits> = {
  timeoutMs: 120_000,
  cpuSeconds: 120,
  memoryBytes: 1024 * MIB,
  processes: 128,
  outputBytes: MIB,
  reportBytes: 8 * MIB,
  diskBytes: 192 * MIB,
  inodes: 20_000,
};

/** What every command has in its environment unless it says otherwise. */
export const DEFAULT_ENV: Readonly<Record<string, string>> = {
  PATH: '/usr/bin:/bin',
  HOME: '/tmp',
  TMPDIR: '/tmp',
};

/** `prlimit`'s arguments, up to and including `--`. */
export function limitArguments(limits: SandboxLimits): string[] {
  return [
    // The soft limit's SIGXCPU says why it ended; the hard one, a second later, can't be caught.
    `--cpu=${limits.cpuSeconds}:${limits.cpuSeconds + 1}`,
    `--nproc=${limits.processes}`,
    // Node opens the files of ES modules all at once, and NestJS has hundreds.
    '--nofile=2048',
    `--fsize=${limits.diskBytes}`,
    '--core=0',
    '--memlock=65536',
    // Not --as: Node reserves far more than it uses. The watchdog counts what is resident; this bounds one process
    // between two looks, with room for thread stacks (8 MiB each, hardly touched).
    `--data=${2 * limits.memoryBytes}`,
    '--',
  ];
}

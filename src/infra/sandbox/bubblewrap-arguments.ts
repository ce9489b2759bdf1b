import { lstatSync, readlinkSync } from 'node:fs';
import { requireProgram } from './linux/programs.js';
import type { SandboxLimits, SandboxMount } from './sandbox.js';
import { limitArguments } from './sandbox-limits.js';

/** Where a command finds its files, and where it starts. */
export const WORKSPACE = '/workspace';

/** What `/etc` holds beside the loader's cache; `getpwuid`, PostgreSQL and `localhost` need these. */
export const ETC_FILES: Readonly<Record<string, string>> = {
  '/etc/passwd': 'sandbox:x:65534:65534:sandbox:/tmp:/bin/sh\n',
  '/etc/group': 'sandbox:x:65534:\n',
  '/etc/hosts': '127.0.0.1 localhost sandbox\n::1 localhost\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};

export interface BubblewrapOptions {
  limits: SandboxLimits;
  mounts: readonly SandboxMount[];
  env: Readonly<Record<string, string>>;
  argv: readonly string[];
  hasFiles: boolean;
  /** bubblewrap 0.8 and later; the seccomp filter forbids nested namespaces as well. */
  canDisableUserns: boolean;
  /** File descriptors: the first of `ETC_FILES`, in their order; the filter; where bubblewrap writes its info. */
  fds: { etc: number; seccomp: number; info: number };
}

/**
 * bubblewrap's command line: no network, no host files but `/usr` and the mounts, read-only, no capability.
 *
 * Our own shell is process 1 (`--as-pid-1`): bubblewrap's own reaper would be the one process without the filter,
 * and `/proc/1/mem` is open to the same user. `/proc/1` is covered for the same reason.
 */
export function bubblewrapArguments(options: BubblewrapOptions): string[] {
  const { limits, mounts, fds } = options;
  return [
    ...[
      '--unshare-all',
      '--unshare-user',
      ...(options.canDisableUserns ? ['--disable-userns'] : []),
    ],
    ...['--as-pid-1', '--die-with-parent', '--new-session', '--hostname', 'sandbox'],
    ...['--uid', '65534', '--gid', '65534', '--cap-drop', 'ALL', '--clearenv'],
    ...['--ro-bind', '/usr', '/usr', ...topFolders()],
    ...Object.keys(ETC_FILES).flatMap((path, index) => [
      ...['--perms', '0444', '--file', String(fds.etc + index), path],
    ]),
    ...LOADER_FILES.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--proc', '/proc', '--ro-bind', '/proc/sys', '/proc/sys', ...tmpfs('/proc/1', 4096)],
    ...['--remount-ro', '/proc/1', '--dev', '/dev', ...tmpfs('/dev/shm', SHM_BYTES)],
    ...[...tmpfs('/tmp', limits.diskBytes), ...tmpfs(WORKSPACE, limits.diskBytes)],
    ...mounts.flatMap(({ host, inside }) => ['--ro-bind', host, inside]),
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', WORKSPACE],
    ...['--setenv', 'PATH', '/usr/bin:/bin'],
    ...['--seccomp', String(fds.seccomp), '--info-fd', String(fds.info), '--'],
    ...[requireProgram('prlimit'), ...limitArguments(limits)],
    ...['/bin/sh', '-c', options.hasFiles ? EXTRACT + RUN : RUN, 'sh'],
    ...['env', '-i', ...Object.entries(options.env).map(([name, value]) => `${name}=${value}`)],
    ...options.argv,
  ];
}

const SHM_BYTES = 64 * 1024 * 1024;
const LOADER_FILES = ['/etc/ld.so.cache', '/etc/alternatives'];

const EXTRACT = `tar -xmf - -C ${WORKSPACE} || exit 125\n`;

// Not `exec`: the shell stays process 1, so that its end is the end of every process in here. Its own remarks
// ("Killed") go nowhere. The command is the first that the kernel should end when the machine runs out of memory.
const RUN = `exec 3>&2 2>/dev/null
( echo 1000 >/proc/self/oom_score_adj; exec 2>&3 3>&-; exec "$@" ) </dev/null
exit $?`;

/** `/bin`, `/lib`, …: links into `/usr` on most systems, folders of their own on some. */
function topFolders(): string[] {
  return ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) {
      return [];
    }
    return found.isSymbolicLink()
      ? ['--symlink', readlinkSync(path), path]
      : ['--ro-bind', path, path];
  });
}

function tmpfs(path: string, bytes: number): string[] {
  return ['--size', String(bytes), '--tmpfs', path];
}

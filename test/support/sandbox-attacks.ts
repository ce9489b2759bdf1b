import type { SandboxLimits, SandboxResult } from '../../src/infra/sandbox/sandbox.js';

const MIB = 1024 * 1024;

/** What an attack aims at; all of it is really there, and open to everybody on the host. */
export interface Victims {
  /** A file that anybody may read, and its text. */
  secretFile: string;
  /** A folder that anybody may write to. */
  openFolder: string;
  port: number;
  socketPath: string;
  abstractName: string;
  /** Of the process that runs the tests; its environment holds `secret`. */
  pid: number;
  /** Stands in the workspace of another command that runs meanwhile. */
  neighbour: string;
}

export interface Attack {
  name: string;
  /** `sh` unless it begins with `import`: then Python. Prints REACHED where it gets what it wants. */
  program: (victims: Victims) => string;
  limits?: Partial<SandboxLimits>;
  /** Beside the word, what has to hold of a run that was contained. */
  holds?: (result: SandboxResult) => boolean;
  /** Without isolation it would harm this machine: not tried there. */
  harmsHost?: true;
}

const syscall = (name: string, numbers: [x64: number, arm64: number], args: string): Attack => ({
  name,
  program: () => `import ctypes, platform
number = ${numbers[0]} if platform.machine() == 'x86_64' else ${numbers[1]}
libc = ctypes.CDLL(None, use_errno=True)
print('REACHED' if libc.syscall(number, ${args}) >= 0 else ctypes.get_errno())`,
});
const stoppedBy = (...ways: (string | null)[]) => ({
  holds: ({ stopped, exitCode }: SandboxResult) => ways.includes(stopped) && exitCode !== 0,
});

export const ATTACKS: Attack[] = [
  {
    name: "connect to the host's loopback",
    program: ({ port }) => `import socket
socket.create_connection(('127.0.0.1', ${port}), 2); print('REACHED')`,
  },
  {
    name: 'send to any address',
    program: () => `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b'x', ('198.51.100.1', 53)); print('REACHED')`,
  },
  {
    name: 'find servers by mDNS and IPv6',
    program: () => `import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.sendto(b'x', ('2001:db8::1', 53)); print('REACHED')`,
  },
  {
    name: 'connect to a Unix socket of the host',
    program: ({ socketPath }) => `import socket
s = socket.socket(socket.AF_UNIX); s.connect('${socketPath}'); print('REACHED')`,
  },
  {
    name: 'connect to an abstract socket of the host',
    program: ({ abstractName }) => `import socket
for name in ['\\0${abstractName}', '\\0${abstractName}'.ljust(108, '\\0')]:
    try: socket.socket(socket.AF_UNIX).connect(name); print('REACHED')
    except OSError as error: print(error)`,
  },
  {
    name: 'read a file of the host',
    program: ({ secretFile }) =>
      `cat ${secretFile} && echo REACHED; cat /proc/1/root${secretFile} && echo REACHED`,
  },
  {
    name: "read the host's accounts",
    program: () => 'grep -q ^root: /etc/passwd && grep -q ^daemon: /etc/passwd && echo REACHED',
  },
  {
    name: "read the server's environment",
    program: ({ pid }) =>
      `cat /proc/${pid}/environ && echo REACHED; grep -qz TEST_DATABASE_URL /proc/[0-9]*/environ && echo REACHED`,
  },
  {
    name: 'read home folders and settings',
    program: () =>
      'cat /root/.bashrc /root/.npmrc /home/*/.profile .env ../.env ../../.env 2>/dev/null | grep -q . && echo REACHED',
  },
  {
    name: "read another task's workspace",
    program: ({ neighbour }) =>
      `grep -rqs '${neighbour.replace('u', '[u]')}' /tmp /workspace/.. /proc/[0-9]*/cwd/ /proc/[0-9]*/root/workspace && echo REACHED`,
  },
  {
    name: 'write outside of the workspace',
    program: ({ openFolder }) => `echo x >${openFolder}/written && echo REACHED`,
  },
  {
    name: 'follow a symlink out of the workspace',
    program: ({ secretFile, openFolder }) =>
      `ln -s ${secretFile} in; ln -s ${openFolder} out; { cat in || echo x >out/linked; } && echo REACHED`,
  },
  {
    name: 'hard-link a file of the host',
    program: ({ secretFile }) => `ln ${secretFile} hard && cat hard && echo REACHED`,
  },
  {
    name: 'fork without end',
    program: () => 'b() { b | b & }; b; sleep 30',
    limits: { processes: 32, timeoutMs: 1_500 },
    holds: ({ stopped }) => stopped === 'timeout',
    harmsHost: true,
  },
  {
    name: 'take memory',
    program: () => `import time
x = b'x' * ${160 * MIB}; time.sleep(20); print('REACHED')`,
    limits: { memoryBytes: 96 * MIB, timeoutMs: 15_000 },
    ...stoppedBy('memory', null),
  },
  {
    name: 'take memory through shared mmap',
    program: () => `import mmap, time
m = mmap.mmap(-1, ${160 * MIB})
for i in range(0, len(m), 4096): m[i] = 1
time.sleep(20); print('REACHED')`,
    limits: { memoryBytes: 96 * MIB, timeoutMs: 15_000 },
    ...stoppedBy('memory', null),
  },
  {
    name: 'take memory through tmpfs',
    program: () => `head -c ${160 * MIB} /dev/zero >/dev/shm/x || exit 1; sleep 20; echo REACHED`,
    limits: { memoryBytes: 96 * MIB, timeoutMs: 15_000 },
    ...stoppedBy('memory', null),
    harmsHost: true,
  },
  {
    name: 'burn the processor',
    program: () => 'while :; do :; done',
    limits: { cpuSeconds: 1, timeoutMs: 15_000 },
    ...stoppedBy('timeout'),
  },
  {
    name: 'sleep past the time limit',
    program: () => 'trap "" TERM HUP INT; while :; do sleep 1; done',
    limits: { timeoutMs: 700 },
    ...stoppedBy('timeout'),
  },
  {
    name: 'fill the disk',
    program: () =>
      `for i in 1 2 3 4 5 6 7 8; do head -c ${8 * MIB} /dev/zero >$i || exit 1; done; sleep 2; echo REACHED`,
    limits: { diskBytes: 24 * MIB, timeoutMs: 15_000 },
    ...stoppedBy('disk', null),
  },
  {
    name: 'make a million small files',
    program: () => `import os, time
for i in range(1000000): os.close(os.open(str(i), os.O_CREAT))
print('REACHED')`,
    limits: { inodes: 2_000, timeoutMs: 20_000 },
    ...stoppedBy('inodes', null),
  },
  {
    name: 'write without end to both streams',
    program: () => 'yes >&2 & yes',
    limits: { outputBytes: MIB, timeoutMs: 1_500 },
    holds: ({ stdout, stderr, outputTruncated }) =>
      outputTruncated && stdout.length <= MIB && stderr.length <= MIB,
  },
  {
    name: 'write without a line end',
    program: () => 'cat /dev/zero',
    limits: { outputBytes: MIB, timeoutMs: 1_500 },
    holds: ({ stdout, outputTruncated }) => outputTruncated && stdout.length <= MIB,
  },
  {
    name: 'signal other processes',
    program: ({ pid }) =>
      `kill -CONT ${pid} && echo REACHED; kill -CONT ${process.ppid} && echo REACHED`,
  },
  {
    name: 'trace another process',
    program: ({ pid }) => `import ctypes
print('REACHED' if ctypes.CDLL(None).ptrace(16, ${pid}, 0, 0) == 0 else 'no')`,
  },
  { name: 'mount', program: () => 'mount -t tmpfs x /tmp && echo REACHED', harmsHost: true },
  {
    name: 'make a user namespace',
    program: () => 'unshare -Ur true && echo REACHED; unshare -n true && echo REACHED',
  },
  {
    name: 'make a device node',
    program: () => 'mknod d b 8 0 && echo REACHED; mknod /tmp/d c 1 1 && echo REACHED',
  },
  {
    name: 'open a disk or the memory',
    program: () =>
      'head -c 1 /dev/sda /dev/vda /dev/mem /dev/kmsg /dev/fuse 2>/dev/null | grep -q . && echo REACHED',
  },
  {
    name: 'become root by setuid',
    program: () => `import ctypes, os, subprocess
libc = ctypes.CDLL(None)
ids = [libc.setuid(0) == 0 and os.getuid() == 0, libc.setgid(0) == 0 and os.getgid() == 0]
for program in ['su', 'sudo', 'newgrp', 'pkexec', 'mount']:
    try: subprocess.run([program, '--version'], capture_output=True, timeout=5)
    except Exception: pass
open('x', 'w').close(); os.chmod('x', 0o4755)
print('REACHED' if any(ids) else 'no')`,
  },
  syscall('use the keyring', [250, 219], '0, -3, 1'),
  syscall('load a BPF program', [321, 280], '0, 0, 0'),
  syscall('set up io_uring', [425, 425], '8, (ctypes.c_char * 128)()'),
  syscall('count events of the processor', [298, 241], '(ctypes.c_char * 128)(1), 0, -1, -1, 0'),
  syscall('catch page faults', [323, 282], '1'),
  syscall('run code from memory', [319, 279], 'b"x", 0'),
  syscall('open a file by its handle', [304, 265], '-100, 0, 0'),
  syscall('load a kernel module', [313, 273], '0, b"", 0'),
  syscall('reboot', [169, 142], '0xfee1dead, 0x28121969, 0x12345678, 0'),
  {
    name: "type into the server's terminal",
    program: () => `import fcntl, os, sys
for path in ['/dev/tty', '/dev/console', '/dev/pts/0']:
    try:
        fcntl.ioctl(os.open(path, os.O_RDWR), 0x5412, b'x'); print('REACHED')
    except OSError as error: print(error)`,
  },
  {
    name: 'use a raw or kernel socket',
    program: () => `import socket
for family, kind in [(17, 3), (38, 5), (40, 1), (2, 3)]:
    try: socket.socket(family, kind); print('REACHED', family)
    except OSError as error: print(error)`,
  },
  {
    name: "change the kernel's settings",
    program: () =>
      'for f in /proc/sys/kernel/core_pattern /proc/sysrq-trigger /sys/kernel/uevent_helper /sys/fs/cgroup/cgroup.procs; do { test -w $f && echo REACHED; }; done',
  },
];

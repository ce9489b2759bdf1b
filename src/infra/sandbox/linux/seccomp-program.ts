import {
  CHECKED_CALLS,
  FORBIDDEN_CALLS,
  NEWEST_KNOWN_CALL,
  numberOf,
  UNIMPLEMENTED_CALLS,
  type FilteredArch,
} from './denied-syscalls.js';

/**
 * The classic-BPF program for `bwrap --seccomp`: `struct sock_filter[]` in the machine's (little) byte order.
 *
 * Calls are allowed unless listed, because Python, Node and PostgreSQL together use most of the rest. `null` for a
 * processor whose call numbers aren't known here: then there is no isolation.
 */
export function seccompProgram(arch: string): Buffer | null {
  if (arch !== 'x64' && arch !== 'arm64') {
    return null;
  }
  const instructions = [
    load(OFFSET_OF_ARCH),
    jumpIfEqual(AUDIT_ARCH[arch], 1, 0),
    // 32-bit calls on a 64-bit kernel have other numbers: nothing here would hold.
    answer(KILL_PROCESS),
    load(OFFSET_OF_NUMBER),
    ...checkedCalls(arch),
    ...listed(UNIMPLEMENTED_CALLS, arch, fail(ENOSYS)),
    ...listed(FORBIDDEN_CALLS, arch, fail(EPERM)),
    // Also every x32 call, whose numbers begin at 0x40000000.
    jumpIfGreater(NEWEST_KNOWN_CALL, 0, 1),
    fail(ENOSYS),
    answer(ALLOW),
  ];
  return Buffer.concat(instructions);
}

// linux/filter.h, linux/seccomp.h, linux/audit.h
const OFFSET_OF_NUMBER = 0;
const OFFSET_OF_ARCH = 4;
const AUDIT_ARCH = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const ERRNO = 0x00050000;
const [EPERM, ENOSYS, EPROTONOSUPPORT, EAFNOSUPPORT] = [1, 38, 93, 97];

const [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK] = [1, 2, 10, 16];
const IPPROTO_UDP = 17;
/** NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NEW_NAMESPACES = 0x7e020000;
const [TIOCSTI, TIOCLINUX] = [0x5412, 0x541c];
const QUERY_PERSONALITY = 0xffffffff;
/** PostgreSQL's lock segment takes 56 bytes; larger ones would be memory that no watchdog sees once detached. */
const LARGEST_SYSV_SEGMENT = 4096;

function checkedCalls(arch: FilteredArch): Buffer[] {
  const rules: [keyof typeof CHECKED_CALLS, Buffer[]][] = [
    ['clone', [load(argument(0)), jumpIfAnyBit(NEW_NAMESPACES, 0, 1), fail(EPERM), answer(ALLOW)]],
    // Neither AF_VSOCK (leaves a network namespace) nor families and protocols that load kernel modules.
    [
      'socket',
      [
        load(argument(0)),
        ...whenEqual(AF_UNIX, [answer(ALLOW)]),
        ...whenEqual(AF_INET, protocolUpTo(IPPROTO_UDP)),
        ...whenEqual(AF_INET6, protocolUpTo(IPPROTO_UDP)),
        // Only NETLINK_ROUTE: `os.networkInterfaces()` and `getifaddrs` ask it.
        ...whenEqual(AF_NETLINK, protocolUpTo(0)),
        fail(EAFNOSUPPORT),
      ],
    ],
    ['socketpair', [load(argument(0)), ...whenEqual(AF_UNIX, [answer(ALLOW)]), fail(EAFNOSUPPORT)]],
    [
      'shmget',
      [
        load(argument(1) + 4),
        jumpIfGreater(0, 2, 0),
        load(argument(1)),
        jumpIfGreater(LARGEST_SYSV_SEGMENT, 0, 1),
        fail(EPERM),
        answer(ALLOW),
      ],
    ],
    [
      'ioctl',
      [
        load(argument(1)),
        ...whenEqual(TIOCSTI, [fail(EPERM)]),
        ...whenEqual(TIOCLINUX, [fail(EPERM)]),
        answer(ALLOW),
      ],
    ],
    [
      'personality',
      [
        load(argument(0)),
        ...whenEqual(0, [answer(ALLOW)]),
        ...whenEqual(QUERY_PERSONALITY, [answer(ALLOW)]),
        fail(EPERM),
      ],
    ],
  ];
  return rules.flatMap(([name, body]) => whenEqual(numberOf(CHECKED_CALLS[name], arch) ?? 0, body));
}

function listed(calls: typeof FORBIDDEN_CALLS, arch: FilteredArch, verdict: Buffer): Buffer[] {
  return Object.values(calls).flatMap((numbers) => {
    const number = numberOf(numbers, arch);
    return number === null ? [] : whenEqual(number, [verdict]);
  });
}

function protocolUpTo(highest: number): Buffer[] {
  return [load(argument(2)), jumpIfGreater(highest, 0, 1), fail(EPROTONOSUPPORT), answer(ALLOW)];
}

/** Runs `body`, which must end in an answer on every way, where the loaded word equals `value`. */
function whenEqual(value: number, body: Buffer[]): Buffer[] {
  return [jumpIfEqual(value, 0, body.length), ...body];
}

/** Offset of the low word of a 64-bit argument in `struct seccomp_data`; the high word follows it. */
function argument(index: number): number {
  return 16 + 8 * index;
}

function load(offset: number): Buffer {
  return instruction(0x20, 0, 0, offset); // BPF_LD | BPF_W | BPF_ABS
}

function jumpIfEqual(value: number, whenTrue: number, whenFalse: number): Buffer {
  return instruction(0x15, whenTrue, whenFalse, value); // BPF_JMP | BPF_JEQ | BPF_K
}

function jumpIfGreater(value: number, whenTrue: number, whenFalse: number): Buffer {
  return instruction(0x25, whenTrue, whenFalse, value); // BPF_JMP | BPF_JGT | BPF_K
}

function jumpIfAnyBit(mask: number, whenTrue: number, whenFalse: number): Buffer {
  return instruction(0x45, whenTrue, whenFalse, mask); // BPF_JMP | BPF_JSET | BPF_K
}

function fail(errno: number): Buffer {
  return answer(ERRNO | errno);
}

function answer(verdict: number): Buffer {
  return instruction(0x06, 0, 0, verdict); // BPF_RET | BPF_K
}

function instruction(code: number, whenTrue: number, whenFalse: number, operand: number): Buffer {
  const encoded = Buffer.alloc(8);
  encoded.writeUInt16LE(code, 0);
  encoded.writeUInt8(whenTrue, 2);
  encoded.writeUInt8(whenFalse, 3);
  encoded.writeUInt32LE(operand >>> 0, 4);
  return encoded;
}

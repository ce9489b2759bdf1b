import { readdirSync, readFileSync } from 'node:fs';

/**
 * Descriptors that whoever started this process left open to it (a shell, a supervisor, a test runner). Node opens its
 * own close-on-exec, but hands these on to every child: a sandboxed command could read or write them.
 */
export function inheritedDescriptors(): ReadonlySet<number> {
  inherited ??= new Set(
    process.platform === 'linux' ? readdirSync('/proc/self/fd').map(Number).filter(isHandedOn) : [],
  );
  return inherited;
}

// Only a start can bring new ones, so one look is enough.
let inherited: ReadonlySet<number> | null = null;

const O_CLOEXEC = 0o2000000;

function isHandedOn(fd: number): boolean {
  if (fd <= 2) {
    return false;
  }
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'));
    return flags !== null && (parseInt(flags[1] ?? '', 8) & O_CLOEXEC) === 0;
  } catch {
    // The listing's own descriptor, closed by now.
    return false;
  }
}

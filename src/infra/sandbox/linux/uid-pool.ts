import { requireProgram } from './programs.js';

/**
 * Unprivileged user ids for a server that runs as root: one per running sandbox, so that none can signal another or
 * share its process budget. They need no entry in `/etc/passwd`.
 */
export class UidPool {
  private readonly free: number[];
  private readonly waiting: ((uid: number) => void)[] = [];

  constructor(first = firstUidOf(process.pid), size = POOL_SIZE) {
    this.free = Array.from({ length: size }, (_, index) => first + index);
  }

  /** Resolves with an id nobody else holds, in the order of asking. */
  acquire(): Promise<number> {
    const uid = this.free.shift();
    return uid === undefined
      ? new Promise((resolve) => this.waiting.push(resolve))
      : Promise.resolve(uid);
  }

  release(uid: number): void {
    const next = this.waiting.shift();
    if (next) {
      next(uid);
    } else {
      this.free.push(uid);
    }
  }
}

/** The command line that runs what follows it as `uid`, with no group, no capability and no way back. */
export function dropPrivilegesTo(uid: number): string[] {
  return [
    requireProgram('setpriv'),
    `--reuid=${uid}`,
    `--regid=${uid}`,
    '--clear-groups',
    '--inh-caps=-all',
    '--bounding-set=-all',
    '--',
  ];
}

const POOL_SIZE = 64;
const POOLS = 64;
const FIRST_UID = 61_184;

/** 61184 to 65279: above people and services, below 65534; apart for servers that run side by side. */
function firstUidOf(pid: number): number {
  return FIRST_UID + (pid % POOLS) * POOL_SIZE;
}

/** Whether a sandbox of some server may have had it. */
export function isPoolUid(uid: number): boolean {
  return uid >= FIRST_UID && uid < FIRST_UID + POOLS * POOL_SIZE;
}

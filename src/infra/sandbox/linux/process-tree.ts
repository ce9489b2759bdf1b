import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isGone, residentBytesIn } from './memory.js';

/**
 * The processes of one command where no namespace holds them together: its descendants, their sessions and, where it
 * runs under a user id of its own, all of that user's.
 *
 * A process that leaves its session and loses its parent between two looks is found at the end, if it still has its
 * folder open. Outside Linux there is no `/proc`, and only the process group is known.
 */
export class ProcessTree {
  private readonly sessions: Set<number>;

  /** `rootPid` leads a session of its own; `null` where it ended before anybody looked. */
  constructor(
    rootPid: number | null,
    private readonly ownUid: number | null,
  ) {
    this.sessions = new Set(rootPid === null ? [] : [rootPid]);
  }

  /** Resident memory of all its processes. */
  memoryBytes(): number {
    let bytes = 0;
    for (const { status } of this.members()) {
      bytes += residentBytesIn(status);
    }
    return bytes;
  }

  /** Kills what is left of it, also what holds files below `folder`, and returns when none is seen any more. */
  async killAll(folder: string): Promise<void> {
    // A member may fork while it is being killed: look again, for as long as that can sensibly go on.
    for (let round = 0; round < 20; round += 1) {
      const pids = new Set([...this.members().map(({ pid }) => pid), ...holdersOf(folder)]);
      if (pids.size === 0) {
        return;
      }
      for (const pid of pids) {
        kill(pid);
      }
      await delay(10);
    }
  }

  private members(): ProcessStatus[] {
    const all = readProcesses();
    const found = new Set<number>();
    for (let grown = true; grown;) {
      grown = false;
      for (const { pid, parent, session, uid } of all) {
        const belongs = uid === this.ownUid || found.has(parent) || this.sessions.has(session);
        if (belongs && !found.has(pid)) {
          found.add(pid);
          // 0, or no such field, is no session of ours: taken for one it would stand for half the machine.
          if (session > 0) {
            this.sessions.add(session);
          }
          grown = true;
        }
      }
    }
    return all.filter(({ pid }) => found.has(pid));
  }
}

interface ProcessStatus {
  pid: number;
  parent: number;
  session: number;
  uid: number;
  status: string;
}

/** All living processes; a zombie holds nothing and can't be killed. */
function readProcesses(): ProcessStatus[] {
  if (process.platform !== 'linux') {
    return [];
  }
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    const status = Number.isInteger(pid) && pid !== process.pid ? statusOf(pid) : null;
    if (status === null || /^State:\s+[ZX]/m.test(status)) {
      return [];
    }
    const field = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? -1);
    return [{ pid, parent: field('PPid'), session: field('NSsid'), uid: field('Uid'), status }];
  });
}

function statusOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch (error) {
    if (isGone(error)) {
      return null;
    }
    throw error;
  }
}

function holdersOf(folder: string): number[] {
  return readProcesses()
    .map(({ pid }) => pid)
    .filter((pid) => linksOf(pid).some((target) => target.startsWith(`${folder}/`)));
}

function linksOf(pid: number): string[] {
  try {
    const descriptors = readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
    return [`/proc/${pid}/cwd`, ...descriptors].map((link) => readlinkSync(link));
  } catch {
    // Gone, or another user's: not ours to kill.
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone since the look.
  }
}

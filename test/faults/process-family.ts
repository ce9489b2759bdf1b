import { readdirSync, readFileSync } from 'node:fs';

/** One process, not to be mixed up with a later one of the same number. */
export interface KnownProcess {
  pid: number;
  startedAt: string;
  command: string;
}

/** What a process started, and what that started, and so on, as things stand. */
export function descendantsOf(pid: number): KnownProcess[] {
  const children = new Map<number, KnownProcess[]>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const found = read(Number(entry));
    if (found) {
      children.set(found.parent, [...(children.get(found.parent) ?? []), found.known]);
    }
  }
  const below = (of: number): KnownProcess[] =>
    (children.get(of) ?? []).flatMap((child) => [child, ...below(child.pid)]);
  return below(pid);
}

/** Those of them that still run. */
export function survivorsOf(processes: readonly KnownProcess[]): KnownProcess[] {
  return processes.filter(({ pid, startedAt }) => read(pid)?.known.startedAt === startedAt);
}

/** A zombie has ended: only its number waits to be read. */
function read(pid: number): { parent: number; known: KnownProcess } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // The 22nd field of proc(5).
    const startedAt = rest[17] ?? '';
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return state === 'Z' ? null : { parent: Number(parent), known: { pid, startedAt, command } };
  } catch {
    return null; // ended meanwhile
  }
}

/** SonarQube's published rule: at least 100 tokens in succession, on at least 10 lines. */
export const MIN_TOKENS = 100;
export const MIN_LINES = 10;

/** Tokens `[from, from + length)` stand once more at `[at, at + length)`, further on. */
export interface Repeat {
  from: number;
  at: number;
  length: number;
}

/** So that nobody can make hashes collide on purpose, or more than chance has it. */
const MAX_PROBES = 64;

/**
 * Finds what stands more than once, in time linear in the number of tokens: a rolling hash of every `MIN_TOKENS`
 * tokens, the first place of each kept, every match compared token by token and followed to its end.
 *
 * Repeats don't overlap each other at their later places, nor themselves.
 */
export function findRepeats(ids: Int32Array, seed: number): Repeat[] {
  const repeats: Repeat[] = [];
  const windows = new WindowTable(ids, seed);
  for (let at = 0; at + MIN_TOKENS <= ids.length;) {
    const from = windows.findOrAdd(at);
    const length = from === -1 || at - from < MIN_TOKENS ? 0 : lengthOf(ids, from, at);
    if (length < MIN_TOKENS) {
      at += 1;
    } else {
      repeats.push({ from, at, length });
      at += length;
    }
  }
  return repeats;
}

/** Not into the copy itself: of a line repeated a thousand times, the first hundred are copied, then two hundred … */
function lengthOf(ids: Int32Array, from: number, at: number): number {
  const most = Math.min(at - from, ids.length - at);
  let length = 0;
  while (length < most && ids[from + length] === ids[at + length]) {
    length += 1;
  }
  return length;
}

/** The first place of every window, by its hash; open addressing, as a `Map` of a million numbers takes 100 MB. */
class WindowTable {
  private readonly slots: Int32Array;
  private readonly base: number;
  /** `base ** MIN_TOKENS`: what leaves the window has been multiplied so often. */
  private readonly leaving: number;
  private hash = 0;
  /** One past the last token in the hash. */
  private end = 0;
  private begin = 0;

  constructor(
    private readonly ids: Int32Array,
    seed: number,
  ) {
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * ids.length + 2))).fill(-1);
    this.base = (seed << 3) | 5;
    let power = 1;
    for (let i = 0; i < MIN_TOKENS; i += 1) {
      power = Math.imul(power, this.base);
    }
    this.leaving = power;
  }

  /** The first place of the same tokens; -1: these are the first. */
  findOrAdd(at: number): number {
    this.moveTo(at);
    const mask = this.slots.length - 1;
    let slot = mixed(this.hash) & mask;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const place = this.slots[slot] ?? -1;
      if (place === -1) {
        this.slots[slot] = at;
        return -1;
      }
      if (this.isSame(place, at)) {
        return place;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  private moveTo(at: number): void {
    if (at >= this.end) {
      this.hash = 0;
      this.begin = at;
      this.end = at;
    }
    for (; this.end < at + MIN_TOKENS; this.end += 1) {
      this.hash = (Math.imul(this.hash, this.base) + (this.ids[this.end] ?? 0)) | 0;
      if (this.end - this.begin >= MIN_TOKENS) {
        this.hash = (this.hash - Math.imul(this.leaving, this.ids[this.begin] ?? 0)) | 0;
        this.begin += 1;
      }
    }
  }

  private isSame(a: number, b: number): boolean {
    for (let i = 0; i < MIN_TOKENS; i += 1) {
      if (this.ids[a + i] !== this.ids[b + i]) {
        return false;
      }
    }
    return true;
  }
}

function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return once ^ (once >>> 15);
}

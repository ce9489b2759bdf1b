import { randomInt } from 'node:crypto';
import process from 'node:process';

/** `npm run test:faults`: the same cases with larger batches and more rounds. */
export const isFullForm = process.env['FAULTS'] === 'full';

/** A number of the short form or of the full one. */
export function inForm<T>(short: T, full: T): T {
  return isFullForm ? full : short;
}

/** The limit of one case: a busy machine takes long, what hangs takes for ever. */
export const CASE_MS = inForm(240_000, 1_800_000);

/** What all random moments come from; `FAULT_SEED` repeats those of another run. */
export const SEED = Number(process.env['FAULT_SEED']) || randomInt(1, 2 ** 31);

/** A stream of random numbers of one case, so that cases don't shift each other's. */
export class SeededRandom {
  private state: number;

  constructor(name: string, seed = SEED) {
    // FNV-1a
    this.state = [...name].reduce(
      (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619),
      seed ^ 2_166_136_261,
    );
  }

  /** 0 to 1 (mulberry32) */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** So many of them, in any order. */
  sample<T>(list: readonly T[], count: number): T[] {
    const left = [...list];
    return Array.from({ length: Math.min(count, left.length) }, () =>
      left.splice(this.between(0, left.length - 1), 1),
    ).flat();
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.between(0, list.length - 1)];
    if (found === undefined) {
      throw new Error('Nothing to pick from');
    }
    return found;
  }
}

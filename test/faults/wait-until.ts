import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 25;

/**
 * Looks again and again until there is something to see.
 *
 * @param look Gives what was waited for, or `null`, `undefined` or `false` as long as it isn't there.
 * @throws with `what` when the limit, which is for a machine under load, is over.
 */
export async function waitUntil<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  limitMs = 60_000,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) {
      return seen;
    }
    if (performance.now() > end) {
      throw new Error(`Not within ${limitMs / 1000} s: ${what}`);
    }
    await delay(LOOK_EVERY_MS);
  }
}

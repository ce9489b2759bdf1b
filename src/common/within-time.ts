import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits for the end of a step, whichever it is, but not for ever: the step itself goes on.
 *
 * @returns whether it ended in time
 */
export async function isDoneWithin(limitMs: number, step: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const done = step.then(
    () => true,
    () => true,
  );
  const late = delay(limitMs, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([done, late]);
  } finally {
    timer.abort();
  }
}

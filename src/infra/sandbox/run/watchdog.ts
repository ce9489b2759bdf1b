import type { SandboxLimits, SandboxStop } from '../sandbox.js';

/** What a command uses at one moment, over its whole process tree. */
export interface Usage {
  memoryBytes: number;
  diskBytes: number;
  inodes: number;
}

/**
 * Looks at a running command every `everyMs` and reports the first limit it passed, once.
 *
 * No rlimit counts many processes, shared mappings or tmpfs together: that is what this is for.
 * `measure` answers `null` while there is nothing to see yet. An error of it is reported to `onBlind`: a command that
 * can't be watched must not run on.
 * @returns the function that stops watching.
 */
export function watchUsage(
  measure: () => Usage | null,
  limits: SandboxLimits,
  everyMs: number,
  onExceeded: (stop: SandboxStop) => void,
  onBlind: (error: unknown) => void,
): () => void {
  const timer = setInterval(() => {
    try {
      const usage = measure();
      const stop = usage && exceededBy(usage, limits);
      if (stop) {
        clearInterval(timer);
        onExceeded(stop);
      }
    } catch (error) {
      clearInterval(timer);
      onBlind(error);
    }
  }, everyMs);
  return () => clearInterval(timer);
}

function exceededBy(usage: Usage, limits: SandboxLimits): SandboxStop | null {
  if (usage.memoryBytes > limits.memoryBytes) {
    return 'memory';
  }
  if (usage.inodes > limits.inodes) {
    return 'inodes';
  }
  // A tmpfs of that size can't pass it: being full is the sign.
  return usage.diskBytes >= limits.diskBytes ? 'disk' : null;
}

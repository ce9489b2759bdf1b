/** Longer than this, and the probed part counts as not usable; below the usual probe timeouts of 2 s and more. */
export const PROBE_TIMEOUT_MS = 1_500;

/** Probes within this time share one answer, so that a flood of them is no flood of queries. */
export const PROBE_CACHE_MS = 1_000;

export const DISK_CACHE_MS = 5_000;

/**
 * The right to work on a running task. A later owner has the next generation, and every write names its own, so
 * that a worker that was away too long can't change anything any more.
 */
export interface Lease {
  taskId: string;
  /** The runner that holds it. */
  owner: string;
  generation: number;
}

/** How long a lease holds without a heartbeat; another worker takes the task over after that. */
export const LEASE_MS = 10_000;

/** Also the longest time until a worker notices a cancel whose message got lost. */
export const HEARTBEAT_MS = 1_000;

/** A task whose worker died this often is poison: it fails instead of killing the next one. */
export const MAX_LOST_WORKERS = 3;

/** The task moved on without this worker: cancelled, or taken over. Nothing was written. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';

  constructor(taskId: string) {
    super(`The lease on task ${taskId} is lost`);
  }
}

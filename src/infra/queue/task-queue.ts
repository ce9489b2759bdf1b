import type { OnApplicationShutdown } from '@nestjs/common';
import { isDoneWithin } from '../../common/within-time.js';

/** Which feature a task belongs to; a new kind registers its processor under a new name. */
export type TaskKind = string;

export interface TaskDelivery {
  kind: TaskKind;
  taskId: string;
}

/** For the broker to take its leave. */
const CLOSE_MS = 3_000;

export type TaskHandler = (delivery: TaskDelivery) => Promise<void>;

/**
 * Hands task ids from the process that accepts to a process that works.
 *
 * Carries ids only: the row in PostgreSQL is the truth, so a lost or repeated delivery can never carry stale
 * data. Deliveries may be lost (the dispatcher repeats them) and may come twice (the claim decides).
 */
export abstract class TaskQueue implements OnApplicationShutdown {
  /**
   * Adds a delivery and returns without waiting for its handler, which never runs in the caller's stack.
   * @throws when the broker can't be reached within its short time limit.
   */
  abstract enqueue(delivery: TaskDelivery): Promise<void>;

  /**
   * Starts to take deliveries, at most `concurrency` side by side. Once a process.
   * A handler that rejects is logged and does not stop the lane.
   */
  abstract consume(concurrency: number, handler: TaskHandler): Promise<void>;

  /** Whether a delivery can be handed over now. Never rejects. */
  abstract isHealthy(): Promise<boolean>;

  /** Whether the broker may lose deliveries by how it is set up, which costs time and no task. Never rejects. */
  isForgetful(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Stops taking deliveries and waits for the handlers that run; what waits stays for others. */
  abstract close(): Promise<void>;

  /** Workers have waited by now as long as they want to: what still runs doesn't keep the process. */
  async onApplicationShutdown(): Promise<void> {
    await isDoneWithin(CLOSE_MS, this.close());
  }
}

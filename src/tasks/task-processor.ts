import type { Queryable } from '../infra/database/database.js';
import type { Lease } from './lease.js';
import type { Task } from './task.entity.js';

/** What a processor gets besides its task. */
export interface TaskContext {
  lease: Lease;
  /** Aborted by a cancel, the time limit, a lost lease or the end of the process. Stop at once, clean up, reject. */
  signal: AbortSignal;
  /**
   * Tells how far the task is.
   *
   * @param percent 0 to 99; lower than before counts as before.
   * @param step In the words of a person watching.
   * @param data More for the event's `data`.
   * @throws LeaseLost
   */
  progress(percent: number, step: string, data?: Record<string, unknown>): Promise<void>;
  /**
   * Runs `write` in a transaction that commits only while the lease holds.
   * @throws LeaseLost
   */
  underLease<T>(write: (tx: Queryable) => Promise<T>): Promise<T>;
}

export interface TaskOutcome {
  results: object;
  /** The results as the completion event tells them, where they are not the same. */
  announced?: object;
  /** Written in the same transaction that completes the task. */
  onCompletion?: (tx: Queryable) => Promise<void>;
}

/** Does the work of one kind of task. */
export abstract class TaskProcessor<T extends Task = Task> {
  /** As in the kind's `@ChildEntity`. */
  abstract readonly kind: string;

  /** Running time of one task, over all its workers. */
  abstract readonly timeLimitMs: number;

  /**
   * Works on a task from its last finished step, in as many processes one after another as it takes.
   * @throws TaskFailed for an end that the user is to read, TaskParked for a wait; anything else becomes an internal
   * error.
   */
  abstract process(task: T, context: TaskContext): Promise<TaskOutcome>;
}

/**
 * The task waits for somebody else: its worker lets go of it, and it is resumed from its last finished step after that
 * time. It counts neither as running time nor as a lost worker.
 */
export class TaskParked extends Error {
  override name = 'TaskParked';

  constructor(
    /** In the words of a person watching. */
    readonly step: string,
    readonly delayMs: number,
  ) {
    super(step);
  }
}

/** The task can't be completed. The message is for the user. */
export class TaskFailed extends Error {
  override name = 'TaskFailed';

  constructor(
    message: string,
    /** What was found out all the same. */
    readonly results: object | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

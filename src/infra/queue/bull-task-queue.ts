import { InjectQueue } from '@nestjs/bull';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { JobOptions, Queue } from 'bull';
import { isDoneWithin } from '../../common/within-time.js';
import { durabilityWarnings, evictsKeys } from '../redis/durability-warnings.js';
import { BullConnections } from './bull-connections.js';
import { TaskQueue, type TaskDelivery, type TaskHandler } from './task-queue.js';

export const TASKS_QUEUE = 'tasks';

/** How many jobs the processor of this process takes side by side; 0 where it has none. */
export const BOUND_CONCURRENCY = Symbol('BOUND_CONCURRENCY');

const START_MS = 2_000;
const CLOSE_GRACE_MS = 500;
const CLOSE_MS = 3_000;
const PROBE_KEPT_MS = 10_000;

// One attempt and no ids of our own: the dispatcher repeats what is lost, and an old id would block a new job.
const JOB_OPTIONS: JobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** Hands deliveries over through Bull; `TaskProcessor` brings them back here in a process that works. */
@Injectable()
export class BullTaskQueue extends TaskQueue implements OnModuleInit {
  private readonly logger = new Logger(BullTaskQueue.name);
  private readonly running = new Set<Promise<void>>();
  private readonly paused: Promise<void>;
  private handler: TaskHandler | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    @InjectQueue(TASKS_QUEUE) private readonly queue: Queue<unknown>,
    @Inject(BOUND_CONCURRENCY) private readonly boundConcurrency: number,
    private readonly connections: BullConnections,
  ) {
    super();
    // Nest binds the processor when modules start, long before this process is ready to work.
    this.paused = queue.pause(true);
  }

  async onModuleInit(): Promise<void> {
    await this.paused;
    if (!(await this.connections.untilReady(START_MS))) {
      return; // said by the connection; it goes on trying
    }
    for (const warning of await durabilityWarnings(this.queue.client)) {
      this.logger.warn(warning);
    }
  }

  override async enqueue(delivery: TaskDelivery): Promise<void> {
    if (this.closing) {
      throw new Error('the task queue is closed');
    }
    const { kind, taskId } = delivery;
    await this.queue.add({ kind, taskId }, JOB_OPTIONS);
  }

  override async consume(concurrency: number, handler: TaskHandler): Promise<void> {
    if (this.handler) {
      throw new Error('this process consumes already');
    }
    if (concurrency !== this.boundConcurrency) {
      throw new Error(`the processor takes ${this.boundConcurrency} jobs, not ${concurrency}`);
    }
    this.handler = handler;
    await this.queue.resume(true);
  }

  /** Runs the handler for one job; for `TaskProcessor`. */
  async deliver(data: unknown): Promise<void> {
    const { handler } = this;
    if (!handler || !isDelivery(data)) {
      throw new Error('not a delivery of this queue');
    }
    const run = handler({ kind: data.kind, taskId: data.taskId });
    const settled = run.catch(() => undefined);
    this.running.add(settled);
    try {
      await run;
    } finally {
      this.running.delete(settled);
    }
  }

  override async isHealthy(): Promise<boolean> {
    try {
      // Written, as a delivery is: a server without memory left, or one that only copies another, still answers pings.
      const key = this.queue.toKey('probe');
      return !this.closing && (await this.queue.client.set(key, '', 'PX', PROBE_KEPT_MS)) === 'OK';
    } catch {
      return false; // that is the answer
    }
  }

  override isForgetful(): Promise<boolean> {
    return evictsKeys(this.queue.client);
  }

  override close(): Promise<void> {
    this.closing ??= this.drain();
    return this.closing;
  }

  private async drain(): Promise<void> {
    if (!(await this.connections.untilReady(CLOSE_GRACE_MS))) {
      // Bull's own way of ending them rejects what nobody catches.
      await this.connections.abandon();
    }
    // Not Bull's own waiting: it reconnects meanwhile and doesn't listen for the failure if a job takes long.
    await isDoneWithin(CLOSE_MS, this.queue.pause(true, true));
    while (this.running.size > 0) {
      await Promise.all(this.running);
    }
    await isDoneWithin(CLOSE_MS, this.queue.close());
    await this.connections.abandon();
  }
}

function isDelivery(data: unknown): data is TaskDelivery {
  return (
    typeof data === 'object' &&
    data !== null &&
    'kind' in data &&
    typeof data.kind === 'string' &&
    'taskId' in data &&
    typeof data.taskId === 'string'
  );
}

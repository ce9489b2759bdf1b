import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ApiError } from '../common/api-error.js';
import { codeOf } from '../common/error-code.js';
import { isConnectionError } from '../infra/database/database.js';
import { EventBus, type Unsubscribe } from '../infra/event-bus/event-bus.js';
import type { TaskDelivery } from '../infra/queue/task-queue.js';
import { LeaseKeeper } from './lease-keeper.js';
import { LeaseLost, MAX_LOST_WORKERS, type Lease } from './lease.js';
import { Task } from './task.entity.js';
import { topicOf, type PublishedEvent } from './task-event.js';
import { TaskFailed, TaskParked, TaskProcessor, type TaskContext } from './task-processor.js';
import { TaskPublisher } from './task-publisher.js';
import { TaskStore, type Claim } from './task-store.js';

class TaskCancelled extends Error {
  override name = 'TaskCancelled';
}

class TimeLimitReached extends Error {
  override name = 'TimeLimitReached';
}

class HandedBack extends Error {
  override name = 'HandedBack';
}

/** Of the machine that works; the database's own full disk is an outage. */
const NO_SPACE = ['ENOSPC', 'EDQUOT'];

/** How long a task waits that couldn't go on because the database went away. */
const RETRY_MS = 2_000;

/** Takes one task through its life in this process. */
@Injectable()
export class TaskRunner {
  private readonly log = new Logger(TaskRunner.name);
  /** A runner is one owner of leases; a restarted process is another. */
  private readonly owner = randomUUID();
  private readonly running = new Map<string, AbortController>();
  private readonly processors = new Map<string, TaskProcessor>();
  private isStopping = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly store: TaskStore,
    private readonly bus: EventBus,
    private readonly publisher: TaskPublisher,
    private readonly leases: LeaseKeeper,
  ) {}

  register(processor: TaskProcessor): void {
    if (this.processors.has(processor.kind)) {
      throw new Error(`Two processors for tasks of kind ${processor.kind}`);
    }
    this.processors.set(processor.kind, processor);
  }

  get runningCount(): number {
    return this.running.size;
  }

  /**
   * Runs one task to its end: the next one in the order of turns, not always the one that the delivery names. There
   * is a delivery for each task that is ready, so that in the end none is left over.
   */
  async run({ taskId }: TaskDelivery): Promise<void> {
    if (this.isStopping) {
      return;
    }
    const claim = await this.store.claimNext(taskId, this.owner, [...this.running.keys()]);
    if (!claim) {
      return;
    }
    const abort = new AbortController();
    this.running.set(claim.lease.taskId, abort);
    if (this.isStopping) {
      abort.abort(new HandedBack());
    }
    try {
      await this.work(claim, abort);
    } finally {
      this.running.delete(claim.lease.taskId);
    }
    if (claim.lane !== null) {
      await this.publisher.wakeNextInLane(claim.lease.taskId);
    }
  }

  /** Aborts what runs, to be resumed elsewhere from its last finished step, and starts nothing more. */
  handBackAll(): void {
    this.isStopping = true;
    for (const abort of this.running.values()) {
      abort.abort(new HandedBack());
    }
  }

  private async work(claim: Claim, abort: AbortController): Promise<void> {
    const { lease } = claim;
    this.leases.hold(lease, abort);
    this.publisher.publish(claim.event);
    const stopListening = await this.listen(lease.taskId, abort);
    let timer: NodeJS.Timeout | undefined;
    try {
      if (claim.lostWorkers >= MAX_LOST_WORKERS) {
        throw new TaskFailed(
          `The workers on this task died ${claim.lostWorkers} times; it was given up`,
        );
      }
      const task = await this.dataSource
        .getRepository<Task>(Task)
        .findOneByOrFail({ id: lease.taskId });
      // Listen before looking: a cancel since the claim is either seen here or heard.
      if (task.status === 'cancelled') {
        throw new LeaseLost(lease.taskId);
      }
      const processor = this.processors.get(task.kind);
      if (!processor) {
        throw new Error(`No processor for tasks of kind ${task.kind}`);
      }
      timer = setTimeout(
        () =>
          abort.abort(
            new TimeLimitReached(`Time limit of ${processor.timeLimitMs / 1000} s reached`),
          ),
        Math.max(0, processor.timeLimitMs - claim.ranMs),
      );
      const outcome = await processor.process(task, this.contextOf(lease, abort.signal));
      this.publisher.publish(await this.store.complete(lease, outcome));
    } catch (error) {
      await this.end(lease, abort.signal, error);
    } finally {
      clearTimeout(timer);
      this.leases.release(lease);
      await stopListening();
    }
  }

  /** @returns what ends it. */
  private async listen(taskId: string, abort: AbortController): Promise<Unsubscribe> {
    try {
      return await this.bus.subscribe(topicOf(taskId), (message) => {
        if ((message as PublishedEvent).type === 'cancelled') {
          abort.abort(new TaskCancelled());
        }
      });
    } catch (error) {
      // The next heartbeat sees a cancel, too.
      this.log.debug(`Nothing is heard of task ${taskId} until it ends: ${String(error)}`);
      return () => Promise.resolve();
    }
  }

  private contextOf(lease: Lease, signal: AbortSignal): TaskContext {
    return {
      lease,
      signal,
      progress: async (percent, step, data = {}) => {
        signal.throwIfAborted();
        this.publisher.publish(
          await this.store.progress(lease, Math.min(99, Math.round(percent)), {
            current_step: step,
            ...data,
          }),
        );
      },
      underLease: (write) => {
        signal.throwIfAborted();
        return this.store.underLease(lease, write);
      },
    };
  }

  /** Decides by the signal's reason first: an aborted task rejects with whatever broke in it. */
  private async end(lease: Lease, signal: AbortSignal, error: unknown): Promise<void> {
    const reason: unknown = signal.aborted ? signal.reason : error;
    try {
      if (reason instanceof TaskCancelled || reason instanceof LeaseLost) {
        // Which of the two came first is chance; only a cancelled row takes the record.
        await this.store.recordStop(lease);
      } else if (reason instanceof HandedBack) {
        await this.store.handBack(lease);
      } else if (reason instanceof TimeLimitReached) {
        this.publisher.publish(await this.store.fail(lease, reason.message, resultsOf(error)));
      } else if (reason instanceof TaskFailed) {
        this.publisher.publish(await this.store.fail(lease, reason.message, reason.results));
      } else if (reason instanceof TaskParked) {
        this.publisher.publish(await this.store.park(lease, reason.step, reason.delayMs));
      } else if (reason instanceof ApiError) {
        // A limit that only the worker could see, such as the quota of stored bytes.
        this.publisher.publish(await this.store.fail(lease, reason.detail, null));
      } else if (NO_SPACE.includes(codeOf(reason))) {
        this.log.error(`Task ${lease.taskId} found no disk space: ${String(reason)}`);
        const error = 'The server has no disk space left: try again later';
        this.publisher.publish(await this.store.fail(lease, error, null));
      } else if (isConnectionError(reason)) {
        this.log.warn(`Task ${lease.taskId} waits for the database: ${String(reason)}`);
        await this.store.handBack(lease, RETRY_MS);
      } else {
        this.log.error(
          `Task ${lease.taskId} broke`,
          reason instanceof Error ? reason.stack : reason,
        );
        this.publisher.publish(await this.store.fail(lease, 'Internal error', null));
      }
    } catch (failure) {
      if (failure instanceof LeaseLost) {
        await this.store.recordStop(lease).catch(() => undefined);
        return;
      }
      // The lease lapses, and the next worker resumes the task.
      this.log.warn(`The end of task ${lease.taskId} could not be written: ${String(failure)}`);
    }
  }
}

function resultsOf(error: unknown): object | null {
  return error instanceof TaskFailed ? error.results : null;
}

import { Injectable, Logger } from '@nestjs/common';
import { TaskQueue, type TaskDelivery, type TaskHandler } from './task-queue.js';

/** First in, first out, for one process; a task that already waits is not added a second time. */
@Injectable()
export class MemoryTaskQueue extends TaskQueue {
  private readonly logger = new Logger(MemoryTaskQueue.name);
  private readonly waiting = new Map<string, TaskDelivery>();
  private readonly running = new Set<Promise<void>>();
  private handler: TaskHandler | undefined;
  private concurrency = 0;
  private isDrainDue = false;
  private isClosed = false;

  override enqueue(delivery: TaskDelivery): Promise<void> {
    if (this.isClosed) {
      return Promise.reject(new Error('the task queue is closed'));
    }
    this.waiting.set(`${delivery.kind}:${delivery.taskId}`, delivery);
    this.drainSoon();
    return Promise.resolve();
  }

  override consume(concurrency: number, handler: TaskHandler): Promise<void> {
    if (this.handler) {
      return Promise.reject(new Error('this process consumes already'));
    }
    this.concurrency = concurrency;
    this.handler = handler;
    this.drainSoon();
    return Promise.resolve();
  }

  override isHealthy(): Promise<boolean> {
    return Promise.resolve(!this.isClosed);
  }

  override async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.running);
  }

  /** Once a turn of the event loop: a handler never runs in its sender's stack, and sockets get their turn too. */
  private drainSoon(): void {
    if (!this.isDrainDue && this.handler && this.waiting.size > 0) {
      this.isDrainDue = true;
      setImmediate(() => this.drain(this.handler));
    }
  }

  private drain(handler: TaskHandler | undefined): void {
    this.isDrainDue = false;
    for (const [key, delivery] of this.waiting) {
      if (!handler || this.isClosed || this.running.size >= this.concurrency) {
        return;
      }
      this.waiting.delete(key);
      const run = this.deliver(handler, delivery).finally(() => {
        this.running.delete(run);
        this.drainSoon();
      });
      this.running.add(run);
    }
  }

  private async deliver(handler: TaskHandler, delivery: TaskDelivery): Promise<void> {
    try {
      await handler(delivery);
    } catch (error) {
      // The row of the task tells its story; the lane goes on.
      this.logger.error(`handler of ${delivery.kind} ${delivery.taskId} failed`, error);
    }
  }
}

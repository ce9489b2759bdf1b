import { Injectable, Logger } from '@nestjs/common';
import { EventBus } from '../infra/event-bus/event-bus.js';
import { TaskQueue, type TaskDelivery } from '../infra/queue/task-queue.js';
import { topicOf, type PublishedEvent, type TaskEvent } from './task-event.js';
import { TaskStore } from './task-store.js';

/** Tells everybody who listens what has been committed. Never throws: the log in the database is the truth. */
@Injectable()
export class TaskPublisher {
  private readonly log = new Logger(TaskPublisher.name);

  constructor(
    private readonly bus: EventBus,
    private readonly queue: TaskQueue,
    private readonly store: TaskStore,
  ) {}

  publish(event: TaskEvent): void {
    const message: PublishedEvent = { ...event, createdAt: event.createdAt.toISOString() };
    this.bus.publish(topicOf(event.taskId), message).catch((error: Error) => {
      // Streams compare themselves with the log from time to time, and workers see a cancel at their heartbeat.
      this.log.debug(`Event ${event.seq} of task ${event.taskId} not published: ${error.message}`);
    });
  }

  /** Hands a delivery to the queue, or leaves it to the dispatcher. */
  async deliver(delivery: TaskDelivery): Promise<void> {
    try {
      await this.queue.enqueue(delivery);
    } catch (error) {
      this.log.debug(`Task ${delivery.taskId} not delivered: ${String(error)}`);
    }
  }

  /** Delivers the task that waited for `taskId` to end, without waiting for the dispatcher. */
  async wakeNextInLane(taskId: string): Promise<void> {
    try {
      const next = await this.store.nextInLane(taskId);
      if (next) {
        await this.queue.enqueue({ kind: next.kind, taskId: next.id });
      }
    } catch (error) {
      // The dispatcher finds it: it is due.
      this.log.debug(`Next task after ${taskId} not woken: ${String(error)}`);
    }
  }
}

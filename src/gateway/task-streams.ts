import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../infra/event-bus/event-bus.js';
import { TaskStore } from '../tasks/task-store.js';
import type { StreamClient } from './stream-client.js';
import { StreamTimings } from './stream-timings.js';
import { TaskStream, type EventSource } from './task-stream.js';

/** The streams of the tasks that somebody watches. */
@Injectable()
export class TaskStreams implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger(TaskStreams.name);
  private readonly streams = new Map<string, TaskStream>();
  private readonly source: EventSource;
  private timer: NodeJS.Timeout | undefined;
  private isReconciling = false;

  constructor(
    private readonly store: TaskStore,
    private readonly timings: StreamTimings,
    bus: EventBus,
  ) {
    this.source = { bus, store, stallMs: timings.stallMs };
  }

  /** How many tasks are watched. */
  get count(): number {
    return this.streams.size;
  }

  onModuleInit(): void {
    this.timer = setInterval(() => void this.reconcile(), this.timings.reconcileMs);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** @see TaskStream.join */
  join(client: StreamClient): Promise<void> {
    const { task } = client.watch;
    let stream = this.streams.get(task.id);
    if (!stream) {
      stream = new TaskStream(task, this.source, () => this.streams.delete(task.id));
      this.streams.set(task.id, stream);
    }
    return stream.join(client);
  }

  /** One question for all streams. Never rejects. */
  private async reconcile(): Promise<void> {
    if (this.isReconciling || this.streams.size === 0) {
      return;
    }
    this.isReconciling = true;
    try {
      const streams = [...this.streams];
      const lastSeqs = await this.store.lastSeqs(streams.map(([id]) => id));
      await Promise.all(streams.map(([id, stream]) => stream.reconcile(lastSeqs.get(id))));
    } catch (error) {
      this.log.debug(`Streams not compared with the log: ${String(error)}`);
    } finally {
      this.isReconciling = false;
    }
  }
}

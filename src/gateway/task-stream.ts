import { Logger } from '@nestjs/common';
import type { EventBus, Unsubscribe } from '../infra/event-bus/event-bus.js';
import { topicOf, type PublishedEvent } from '../tasks/task-event.js';
import type { TaskStore } from '../tasks/task-store.js';
import { CLOSE, StreamRefused } from './close-codes.js';
import { connectedEvent } from './connected-event.js';
import { eventFrame, mergeFrames, textFrame, type Frame } from './frame.js';
import type { WatchedTask } from './stream-admission.js';
import type { StreamClient } from './stream-client.js';
import { TaskLog } from './task-log.js';

/** Where a stream's events come from. */
export interface EventSource {
  bus: EventBus;
  store: TaskStore;
  stallMs: number;
}

/**
 * One task's events for all its clients in this process: one subscription, each event framed once, one write a
 * client for what arrives in one turn of the event loop.
 *
 * `position` is the newest event in order. A client behind it reads the log until it has caught up; from then on
 * it is live. What the bus tells out of order is read from the log, what it tells twice is dropped.
 */
export class TaskStream {
  private readonly log = new Logger(TaskStream.name);
  private readonly clients = new Set<StreamClient>();
  private readonly events: TaskLog;
  private opening: Promise<void> | undefined;
  private unsubscribe: Unsubscribe | undefined;
  private isOpen = false;
  private isReading = false;
  private hasEnded = false;
  /** The newest event in order; those at its end may still be in `batch`. */
  private position = 0;
  /** The newest event that anybody told of. */
  private heard = 0;
  private batch: Frame[] = [];

  constructor(
    private readonly task: WatchedTask,
    private readonly source: EventSource,
    private readonly onEmpty: () => void,
  ) {
    this.events = new TaskLog(task, source.store);
  }

  /**
   * Takes a client in; resolves when it has been sent `connected`, and goes on with what it missed.
   * @throws StreamRefused when the task is gone; anything else when the log can't be read.
   */
  async join(client: StreamClient): Promise<void> {
    this.clients.add(client);
    client.onClose(() => this.leave(client));
    await (this.opening ??= this.open());
    const { since } = client.watch;
    // A number that the log has not reached counts as its end.
    client.position = Math.min(since, this.position);
    client.write(textFrame(connectedEvent(this.task, since)));
    this.replay(client).catch((error: Error) => {
      this.log.warn(`Events of task ${this.task.id} can't be read: ${error.message}`);
      client.close(CLOSE.tryAgainLater, 'The events are not available: reconnect with since');
    });
  }

  /**
   * Compares the stream with the log.
   *
   * @param lastSeq The newest event there; `undefined`: the task has been deleted.
   */
  async reconcile(lastSeq: number | undefined): Promise<void> {
    if (!this.isOpen) {
      return; // it is reading the log's end right now
    }
    if (lastSeq === undefined) {
      for (const client of this.clients) {
        client.close(CLOSE.notFound, `The ${this.task.kind} was deleted`);
      }
      return;
    }
    if (!this.unsubscribe) {
      await this.listen();
    }
    this.hear(lastSeq);
    await this.catchUp();
  }

  private async open(): Promise<void> {
    // Listen before looking: what comes in between is heard, and read from the log.
    await this.listen();
    const end = await this.events.end();
    if (!end) {
      throw new StreamRefused(CLOSE.notFound, `No such ${this.task.kind}`);
    }
    this.position = end.seq;
    this.hasEnded = end.isTerminal;
    this.isOpen = true;
    await this.catchUp();
  }

  private async listen(): Promise<void> {
    try {
      this.unsubscribe = await this.source.bus.subscribe(topicOf(this.task.id), (message) =>
        this.take(message as PublishedEvent),
      );
    } catch (error) {
      // The stream lives on what it reads from the log, and tries again each time it compares.
      this.log.warn(`Task ${this.task.id} is not live yet: ${String(error)}`);
    }
    if (this.clients.size === 0) {
      await this.unsubscribe?.();
    }
  }

  private leave(client: StreamClient): void {
    if (this.clients.delete(client) && this.clients.size === 0) {
      this.onEmpty();
      this.unsubscribe?.().catch((error: Error) => this.log.debug(error.message));
    }
  }

  private take({ createdAt, ...event }: PublishedEvent): void {
    this.hear(event.seq);
    if (this.isOpen && event.seq === this.position + 1) {
      this.accept(eventFrame(this.task.kind, { ...event, createdAt: new Date(createdAt) }));
    } else if (this.isOpen) {
      void this.catchUp();
    }
  }

  private hear(seq: number): void {
    this.heard = Math.max(this.heard, seq);
  }

  /** Reads what was told of, but did not come in order. Never rejects: the next comparison tries again. */
  private async catchUp(): Promise<void> {
    if (this.isReading || !this.isOpen) {
      return;
    }
    this.isReading = true;
    try {
      while (this.heard > this.position && this.clients.size > 0) {
        const frames = await this.events.framesAfter(this.position);
        if (frames.length === 0) {
          return; // deleted meanwhile: the next comparison says so
        }
        frames.filter((frame) => frame.seq > this.position).forEach((frame) => this.accept(frame));
      }
    } catch (error) {
      this.log.debug(`Task ${this.task.id} can't catch up yet: ${String(error)}`);
    } finally {
      this.isReading = false;
    }
  }

  private accept(frame: Frame): void {
    this.position = frame.seq;
    this.hasEnded = frame.isTerminal;
    this.batch.push(frame);
    if (this.batch.length === 1) {
      setImmediate(() => this.flush());
    }
  }

  private flush(): void {
    const frames = this.batch;
    this.batch = [];
    const all = mergeFrames(frames);
    const before = all.seq - frames.length;
    for (const client of this.clients) {
      if (!client.isLive || client.position >= all.seq) {
        continue;
      }
      // One that joined in this very turn has the first of them from the log.
      const missed =
        client.position === before ? all : mergeFrames(frames.slice(client.position - before));
      client.deliver(missed);
    }
  }

  private async replay(client: StreamClient): Promise<void> {
    while (client.isOpen && client.position < this.position) {
      const piece = await this.events.pieceAfter(client.position);
      if (!piece) {
        client.close(CLOSE.notFound, `The ${this.task.kind} was deleted`);
        return;
      }
      client.deliver(piece);
      await client.drained(this.source.stallMs);
    }
    client.isLive = true;
    if (this.hasEnded) {
      client.close(CLOSE.done, 'The task has ended');
    }
  }
}

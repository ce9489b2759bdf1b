import { Injectable } from '@nestjs/common';
import { EventBus } from '../infra/event-bus/event-bus.js';
import { isTerminalEvent, topicOf, type TaskEvent } from './task-event.js';
import { TaskStore } from './task-store.js';

const BATCH = 500;
/** How often the log is read without being told: a message of the bus may get lost. */
const LOOK_EVERY_MS = 5_000;

/** Reads a task's events as they come, from the log alone: the bus only says when to look. */
@Injectable()
export class TaskFollower {
  constructor(
    private readonly bus: EventBus,
    private readonly store: TaskStore,
  ) {}

  /** Events after `since` in order, without gap or double, until the terminal one; ends early on `signal`. */
  async *follow(taskId: string, since: number, signal: AbortSignal): AsyncGenerator<TaskEvent> {
    let wake = () => {};
    // Subscribe before looking: what is written in between still wakes us.
    const unsubscribe = await this.bus.subscribe(topicOf(taskId), () => wake());
    const onAbort = () => wake();
    signal.addEventListener('abort', onAbort);
    try {
      let seq = since;
      while (!signal.aborted) {
        const woken = new Promise<void>((resolve) => (wake = resolve));
        const events = await this.store.eventsSince(taskId, seq, BATCH);
        for (const event of events) {
          yield event;
          seq = event.seq;
        }
        const last = events.at(-1);
        if (last ? isTerminalEvent(last) : await this.hasEnded(taskId, seq)) {
          return;
        }
        if (events.length < BATCH) {
          const timer = setTimeout(wake, LOOK_EVERY_MS);
          await woken;
          clearTimeout(timer);
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      await unsubscribe();
    }
  }

  /** Whether the terminal event lies at or before `seq`: nothing more will come. */
  private async hasEnded(taskId: string, seq: number): Promise<boolean> {
    const last = (await this.store.lastSeqs([taskId])).get(taskId);
    if (last === undefined) {
      return true;
    }
    const [event] = await this.store.eventsSince(taskId, last - 1, 1);
    return event !== undefined && isTerminalEvent(event) && event.seq <= seq;
  }
}

import { isTerminalEvent } from '../tasks/task-event.js';
import type { TaskStore } from '../tasks/task-store.js';
import { eventFrame, mergeFrames, type Frame } from './frame.js';
import type { WatchedTask } from './stream-admission.js';

/** Events read at once. */
const BATCH = 200;

/** One task's stored events, as frames. */
export class TaskLog {
  private readonly reads = new Map<number, Promise<Frame | null>>();

  constructor(
    private readonly task: WatchedTask,
    private readonly store: TaskStore,
  ) {}

  /** Where the log ends now, and whether for good; `null`: the task is gone. */
  async end(): Promise<{ seq: number; isTerminal: boolean } | null> {
    const seq = (await this.store.lastSeqs([this.task.id])).get(this.task.id);
    if (seq === undefined) {
      return null;
    }
    const [last] = await this.store.eventsSince(this.task.id, seq - 1, 1);
    return { seq, isTerminal: last !== undefined && isTerminalEvent(last) };
  }

  /** The next events, one frame each; none: there are no more. */
  async framesAfter(seq: number): Promise<Frame[]> {
    const events = await this.store.eventsSince(this.task.id, seq, BATCH);
    return events.map((event) => eventFrame(this.task.kind, event));
  }

  /**
   * The next events in one piece; `null`: there are no more.
   *
   * Clients that come together, as after a restart of the server, share what is read.
   */
  pieceAfter(seq: number): Promise<Frame | null> {
    const shared = this.reads.get(seq);
    if (shared) {
      return shared;
    }
    const read = this.framesAfter(seq)
      .then((frames) => (frames.length === 0 ? null : mergeFrames(frames)))
      .finally(() => this.reads.delete(seq));
    this.reads.set(seq, read);
    return read;
  }
}

import type { ToolActivity } from './workspace-toolbox.js';

/** Two events a second are as many as a person can read. */
const PERIOD_MS = 500;

/** Tells of tool calls in few events: what comes too fast waits and goes out together. */
export class ActivityFeed {
  private pending: ToolActivity[] = [];
  private lastAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (calls: ToolActivity[]) => Promise<void>) {}

  async add(activity: ToolActivity): Promise<void> {
    this.pending.push(activity);
    const dueMs = this.lastAt + PERIOD_MS - performance.now();
    if (dueMs <= 0) {
      await this.flush();
    } else {
      // A lost lease shows at the next call: this one has nobody to tell.
      this.timer ??= setTimeout(() => void this.flush().catch(() => undefined), dueMs);
    }
  }

  /** Sends what is waiting. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const calls = this.pending;
    if (calls.length > 0) {
      this.pending = [];
      this.lastAt = performance.now();
      await this.send(calls);
    }
  }
}

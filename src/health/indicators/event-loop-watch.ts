const LATE_MS = 2_000;
const LATE_TICKS = 3;

/**
 * Decides from a ticking timer whether the event loop is stuck: several ticks in a row came late.
 *
 * Ticks, not time: after one long block (a stopped process, a suspended machine) a single late tick proves nothing.
 */
export class EventLoopWatch {
  private expectedAt: number;
  private lateTicks = 0;

  constructor(
    private readonly intervalMs: number,
    nowMs: number,
  ) {
    this.expectedAt = nowMs + intervalMs;
  }

  tick(nowMs: number): void {
    this.lateTicks = nowMs - this.expectedAt > LATE_MS ? this.lateTicks + 1 : 0;
    this.expectedAt = nowMs + this.intervalMs;
  }

  get isStuck(): boolean {
    return this.lateTicks >= LATE_TICKS;
  }
}

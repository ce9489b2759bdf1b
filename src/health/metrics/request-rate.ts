const SECONDS = 60;

/** Counts events over the last minute, in one bucket a second. */
export class RequestRate {
  private readonly buckets = new Uint32Array(SECONDS);
  private readonly startMs: number;
  private second: number;

  constructor(nowMs: number) {
    this.startMs = nowMs;
    this.second = Math.floor(nowMs / 1000);
  }

  count(nowMs: number): void {
    this.advance(nowMs);
    const bucket = this.second % SECONDS;
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
  }

  /** The mean over the last minute, or since the start where that is shorter (but at least a second). */
  perSecond(nowMs: number): number {
    this.advance(nowMs);
    const seconds = Math.min(SECONDS, Math.max(1, (nowMs - this.startMs) / 1000));
    return this.buckets.reduce((sum, count) => sum + count, 0) / seconds;
  }

  private advance(nowMs: number): void {
    const now = Math.floor(nowMs / 1000);
    for (let passed = Math.min(now - this.second, SECONDS); passed > 0; passed -= 1) {
      this.buckets[(now - passed + 1) % SECONDS] = 0;
    }
    this.second = Math.max(this.second, now);
  }
}

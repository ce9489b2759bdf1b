import { ThrottleStorage, type WindowCount } from './throttle-storage.js';

interface Window {
  hits: number;
  endsAt: number;
}

const MAX_KEYS = 200_000;

/**
 * For one process.
 *
 * Not the library's own `ThrottlerStorageService`: without a block duration that one slides (each hit leaves one window
 * after it came), so a client would not be free at the time its `X-RateLimit-Reset` named. It needs no timer either:
 * what is over is dropped from the front by later hits, since windows end in the order in which they began.
 */
export class MemoryThrottleStorage extends ThrottleStorage {
  private readonly windows = new Map<string, Window>();

  /** `now` in whole milliseconds; monotonic, so that a clock that is set neither frees nor jails anybody. */
  constructor(
    private readonly now: () => number = () => Math.floor(performance.now()),
    private readonly maxKeys = MAX_KEYS,
  ) {
    super();
  }

  override hit(keys: readonly string[], windowMs: number): Promise<WindowCount[]> {
    const now = this.now();
    this.dropEnded(now);
    return Promise.resolve(keys.map((key) => this.hitOne(key, windowMs, now)));
  }

  override peek(keys: readonly string[]): Promise<WindowCount[]> {
    const now = this.now();
    return Promise.resolve(
      keys.map((key) => {
        const window = this.windows.get(key);
        return window && window.endsAt > now
          ? { hits: window.hits, msLeft: window.endsAt - now }
          : { hits: 0, msLeft: 0 };
      }),
    );
  }

  /** How many keys are held. */
  get size(): number {
    return this.windows.size;
  }

  private hitOne(key: string, windowMs: number, now: number): WindowCount {
    let window = this.windows.get(key);
    if (!window || window.endsAt <= now) {
      this.windows.delete(key); // to the end of the order
      window = { hits: 0, endsAt: now + windowMs };
      this.windows.set(key, window);
    }
    window.hits += 1;
    return { hits: window.hits, msLeft: window.endsAt - now };
  }

  private dropEnded(now: number): void {
    for (const [key, window] of this.windows) {
      // Past the bound the oldest goes early: a flood of keys may blur counters but not eat the memory.
      if (window.endsAt > now && this.windows.size <= this.maxKeys) {
        return;
      }
      this.windows.delete(key);
    }
  }
}

/** Thrown when a file costs more than it may; what was found so far stands. */
export class TooComplex extends Error {}

/** Of this many steps, some 10 ms, the clock is looked at once: reading a process's own time costs the most of a step. */
const STEPS_BETWEEN_LOOKS = 16_384;

export interface Limits {
  /** Expressions evaluated per file. */
  readonly maxSteps: number;
  /** Milliseconds since some fixed point, and how many of them a file may take. */
  readonly now: () => number;
  readonly maxMilliseconds: number;
}

/** Counts what an analysis costs, the other files that it looks into included. */
export class Budget {
  private steps = 0;

  constructor(
    private readonly limits: Limits,
    private readonly clock = new Clock(limits),
  ) {}

  /** @throws TooComplex when the limits are reached. */
  spend(): void {
    this.steps += 1;
    if (
      this.steps > this.limits.maxSteps ||
      (this.steps % STEPS_BETWEEN_LOOKS === 0 && this.clock.isOver())
    ) {
      throw new TooComplex();
    }
  }

  /** A part of it, for something that may fail by itself. */
  part(maxSteps: number): Budget {
    return new Budget({ ...this.limits, maxSteps }, this.clock);
  }
}

/** Runs from the first look at it: of most files nobody ever looks. */
class Clock {
  private end: number | null = null;

  constructor(private readonly limits: Limits) {}

  isOver(): boolean {
    const now = this.limits.now();
    this.end ??= now + this.limits.maxMilliseconds;
    return now > this.end;
  }
}

/** Thrown when a file costs more than it may; what was found so far stands. */
export class TooComplex extends Error {}

/** Of this many steps, some 10 ms, the clock is looked at once: reading a process's own time costs the most of a step. */
const STEPS_BETWEEN_LOOKS = 16_384;

export interface Limits {
  /** Expressions evaluated per file. */
  readonly maxSteps: number;
  /** Milliseconds since some fixed point, and when to stop on that clock. */
  readonly now: () => number;
  readonly deadline: number;
}

/** Counts what an analysis costs, the other files that it looks into included. */
export class Budget {
  private steps = 0;

  constructor(private readonly limits: Limits) {}

  /** @throws TooComplex when the limits are reached. */
  spend(): void {
    this.steps += 1;
    if (
      this.steps > this.limits.maxSteps ||
      (this.steps % STEPS_BETWEEN_LOOKS === 0 && this.limits.now() > this.limits.deadline)
    ) {
      throw new TooComplex();
    }
  }

  /** A part of it, for something that may fail by itself. */
  part(maxSteps: number): Budget {
    return new Budget({ ...this.limits, maxSteps });
  }
}

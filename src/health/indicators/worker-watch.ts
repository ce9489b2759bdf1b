const DELIVERIES_IN_VAIN = 3;

/** A task that waits, and when it is due to be handed to the queue again: that moves with each delivery. */
export interface WaitingTask {
  id: string;
  nextDispatchAt: Date;
}

/**
 * Decides whether a worker is deaf: the oldest waiting task was handed to the queue again and again, while this
 * worker had nothing to do.
 *
 * Deliveries, not time: the dispatcher's back-off decides how long a lost delivery may take.
 */
export class WorkerWatch {
  private seen: WaitingTask | null = null;
  private inVain = 0;

  observe(isIdle: boolean, waiting: WaitingTask | null): void {
    if (!isIdle || !waiting || waiting.id !== this.seen?.id) {
      this.inVain = 0;
    } else if (waiting.nextDispatchAt > this.seen.nextDispatchAt) {
      this.inVain += 1;
    }
    this.seen = waiting;
  }

  get isStuck(): boolean {
    return this.inVain >= DELIVERIES_IN_VAIN;
  }
}

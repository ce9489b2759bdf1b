import { Injectable, Logger } from '@nestjs/common';
import { HEARTBEAT_MS, LEASE_MS, LeaseLost, type Lease } from './lease.js';
import { TaskStore } from './task-store.js';

interface HeldLease {
  lease: Lease;
  abort: AbortController;
}

/** Renews every lease of this process in one statement a heartbeat, and aborts the work whose lease is gone. */
@Injectable()
export class LeaseKeeper {
  private readonly log = new Logger(LeaseKeeper.name);
  private readonly held = new Map<string, HeldLease>();
  private timer: NodeJS.Timeout | undefined;
  private lastRenewal = 0;
  private isRenewing = false;

  constructor(private readonly store: TaskStore) {}

  hold(lease: Lease, abort: AbortController): void {
    if (this.held.size === 0) {
      this.lastRenewal = performance.now();
    }
    this.held.set(lease.taskId, { lease, abort });
    this.timer ??= setInterval(() => void this.renew(), HEARTBEAT_MS);
  }

  release(lease: Lease): void {
    this.held.delete(lease.taskId);
    if (this.held.size === 0) {
      this.stop();
    }
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async renew(): Promise<void> {
    if (this.isRenewing) {
      this.fenceWhenTooLate();
      return;
    }
    this.isRenewing = true;
    const held = [...this.held.values()];
    const owners = new Set(held.map(({ lease }) => lease.owner));
    const startedAt = performance.now();
    try {
      for (const owner of owners) {
        const mine = held.filter(({ lease }) => lease.owner === owner);
        const renewed = await this.store.renew(
          owner,
          mine.map(({ lease }) => lease),
        );
        const generations = new Map(renewed.map((row) => [row.taskId, row.generation]));
        for (const { lease, abort } of mine) {
          if (generations.get(lease.taskId) !== lease.generation) {
            abort.abort(new LeaseLost(lease.taskId));
          }
        }
      }
      this.lastRenewal = startedAt;
    } catch (error) {
      this.log.warn(`Leases not renewed: ${String(error)}`);
      this.fenceWhenTooLate();
    } finally {
      this.isRenewing = false;
    }
  }

  /** Another worker may have taken over by now: stop before its first write, not at ours. */
  private fenceWhenTooLate(): void {
    if (performance.now() - this.lastRenewal < LEASE_MS - HEARTBEAT_MS) {
      return;
    }
    for (const { lease, abort } of this.held.values()) {
      abort.abort(new LeaseLost(lease.taskId));
    }
  }
}

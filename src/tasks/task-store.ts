import { Injectable } from '@nestjs/common';
import { Database, isUniqueViolation, type Queryable } from '../infra/database/database.js';
import { LEASE_MS, LeaseLost, type Lease } from './lease.js';
import { STATEMENTS } from './task-statements.js';
import type { TaskEvent } from './task-event.js';
import type { TaskOutcome } from './task-processor.js';
import type { TaskStatus } from './task-status.js';

const CLAIM_ATTEMPTS = 3;

export interface NewTask {
  id: string;
  kind: string;
  owner: string;
  projectName: string;
  input: object;
  lane: string | null;
  idempotencyKey: string | null;
  idempotencyHash: Buffer | null;
}

export interface Claim {
  lease: Lease;
  event: TaskEvent;
  /** Running time before this claim. */
  ranMs: number;
  /** Workers that died on the task so far. */
  lostWorkers: number;
  lane: string | null;
}

interface EventRow {
  task_id: string;
  seq: number;
  type: TaskEvent['type'];
  body: TaskEvent['body'];
  created_at: Date;
}

interface ClaimRow extends EventRow {
  lease_generation: number;
  ran_ms: string;
  lost_workers: number;
  lane: string | null;
}

/**
 * Every write to a task: one conditional statement each, with its event in the same statement. It touched a row,
 * or somebody else was first. All times are the database's `now()`.
 */
@Injectable()
export class TaskStore {
  constructor(private readonly db: Database) {}

  /** Adds the row and its first event. @throws a unique violation where the idempotency key is taken. */
  async insert(task: NewTask, tx: Queryable = this.db): Promise<{ event: TaskEvent }> {
    const rows = await tx.query<EventRow>(STATEMENTS.insert, [
      task.id,
      task.kind,
      task.owner,
      task.projectName,
      task.input,
      task.lane,
      task.idempotencyKey,
      task.idempotencyHash,
    ]);
    return { event: toEvent(first(rows)) };
  }

  /** Claims this very task. `null`: finished, owned by a live worker, or not its turn in its lane. */
  async claim(taskId: string, owner: string): Promise<Claim | null> {
    const [row] = await this.db.query<ClaimRow>(STATEMENTS.claim, [taskId, owner, LEASE_MS]);
    return row ? toClaim(row, owner) : null;
  }

  /**
   * Claims the task that is next: what was left behind, or whose turn it is among the users.
   *
   * @param delivered The task that the queue named: taken where no other is first.
   * @param held Tasks that the owner still works on.
   * @returns `null` where nothing is ready.
   */
  async claimNext(delivered: string, owner: string, held: string[]): Promise<Claim | null> {
    const values = [delivered, owner, LEASE_MS, held];
    for (let attempt = 1; ; attempt += 1) {
      try {
        const [row] = await this.db.query<ClaimRow>(STATEMENTS.claimNext, values);
        return row ? toClaim(row, owner) : null;
      } catch (error) {
        // Two tasks of a lane were claimed at once, the earlier accepted later: the index let one of them through.
        if (!isUniqueViolation(error) || attempt === CLAIM_ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  /** Renews the leases of one owner. @returns those that still hold. */
  async renew(owner: string, leases: Lease[]): Promise<Pick<Lease, 'taskId' | 'generation'>[]> {
    const rows = await this.db.query<{ id: string; lease_generation: number }>(STATEMENTS.renew, [
      owner,
      LEASE_MS,
      leases.map((lease) => lease.taskId),
    ]);
    return rows.map((row) => ({ taskId: row.id, generation: row.lease_generation }));
  }

  /** @throws LeaseLost */
  async progress(lease: Lease, percent: number, data: object): Promise<TaskEvent> {
    const rows = await this.db.query<EventRow>(STATEMENTS.progress, [
      lease.taskId,
      lease.generation,
      percent,
      data,
    ]);
    return toEvent(held(rows, lease));
  }

  /** Locks the task while `write` runs. @throws LeaseLost */
  underLease<T>(lease: Lease, write: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.db.transaction(async (tx) => {
      held(await tx.query(STATEMENTS.lockUnderLease, [lease.taskId, lease.generation]), lease);
      return write(tx);
    });
  }

  /** @throws LeaseLost */
  complete(lease: Lease, { results, announced, onCompletion }: TaskOutcome): Promise<TaskEvent> {
    return this.db.transaction(async (tx) => {
      const rows = await tx.query<EventRow>(STATEMENTS.complete, [
        lease.taskId,
        lease.generation,
        results,
        announced ?? null,
      ]);
      const event = toEvent(held(rows, lease));
      await onCompletion?.(tx);
      return event;
    });
  }

  /** @throws LeaseLost */
  async fail(lease: Lease, error: string, results: object | null): Promise<TaskEvent> {
    const rows = await this.db.query<EventRow>(STATEMENTS.fail, [
      lease.taskId,
      lease.generation,
      error,
      results,
    ]);
    return toEvent(held(rows, lease));
  }

  /** `null`: it had already ended. */
  async cancel(taskId: string): Promise<TaskEvent | null> {
    const [row] = await this.db.query<EventRow>(STATEMENTS.cancel, [taskId]);
    return row ? toEvent(row) : null;
  }

  /** The worker's proof that nothing of a cancelled task runs any more. */
  async recordStop(lease: Lease): Promise<void> {
    await this.db.query(STATEMENTS.recordStop, [lease.taskId, lease.generation]);
  }

  /** Gives a running task back, so that the next worker needs not wait for the lease to lapse. */
  async handBack(lease: Lease, delayMs = 0): Promise<void> {
    await this.db.query(STATEMENTS.handBack, [lease.taskId, lease.generation, delayMs]);
  }

  /** Gives a running task back for so long, and says so. @throws LeaseLost */
  async park(lease: Lease, step: string, delayMs: number): Promise<TaskEvent> {
    const rows = await this.db.query<EventRow>(STATEMENTS.park, [
      lease.taskId,
      lease.generation,
      Math.ceil(delayMs),
      step,
    ]);
    return toEvent(held(rows, lease));
  }

  /** Takes tasks that wait for a delivery and moves their next one into the future. */
  async takeDue(limit: number): Promise<{ id: string; kind: string }[]> {
    return this.db.query<{ id: string; kind: string }>(STATEMENTS.takeDue, [limit]);
  }

  /** The task whose turn it is after `taskId` ended. */
  async nextInLane(taskId: string): Promise<{ id: string; kind: string } | null> {
    const [row] = await this.db.query<{ id: string; kind: string }>(STATEMENTS.nextInLane, [
      taskId,
    ]);
    return row ?? null;
  }

  /** The task that the next claim would start; `null`: nothing waits that could run. */
  async firstReady(): Promise<{ id: string; kind: string } | null> {
    const [row] = await this.db.query<{ id: string; kind: string }>(STATEMENTS.firstReady);
    return row ?? null;
  }

  /** Events after `seq`, in order, at most `limit`. */
  async eventsSince(taskId: string, seq: number, limit: number): Promise<TaskEvent[]> {
    const rows = await this.db.query<EventRow>(STATEMENTS.eventsSince, [taskId, seq, limit]);
    return rows.map(toEvent);
  }

  /** The newest `seq` of each task: what a stream compares itself with when messages may have got lost. */
  async lastSeqs(taskIds: string[]): Promise<Map<string, number>> {
    const rows = await this.db.query<{ id: string; last_seq: number }>(STATEMENTS.lastSeqs, [
      taskIds,
    ]);
    return new Map(rows.map((row) => [row.id, row.last_seq]));
  }

  /** Counts no further than `limit`. */
  async countUnfinished(owner: string, limit: number, tx: Queryable = this.db): Promise<number> {
    const values = [owner, limit];
    const rows = await tx.query<{ count: number }>(STATEMENTS.countUnfinished, values);
    return first(rows).count;
  }

  /** Until `tx` ends nobody else stores anything for this user. Lock projects before, never after. */
  async lockOwner(tx: Queryable, owner: string): Promise<void> {
    await tx.query(STATEMENTS.lockOwner, [owner]);
  }

  async storedBytes(owner: string, tx: Queryable): Promise<number> {
    return first(await tx.query<{ bytes: number }>(STATEMENTS.storedBytes, [owner])).bytes;
  }

  /** The task that holds an idempotency key since less than a day; an older holder loses it. */
  async findByKey(
    owner: string,
    kind: string,
    key: string,
  ): Promise<{ id: string; status: TaskStatus; hash: Buffer } | null> {
    await this.db.query(STATEMENTS.dropOldKey, [owner, kind, key]);
    const [row] = await this.db.query<{
      id: string;
      status: TaskStatus;
      idempotency_hash: Buffer;
    }>(STATEMENTS.findByKey, [owner, kind, key]);
    return row ? { id: row.id, status: row.status, hash: row.idempotency_hash } : null;
  }
}

function toClaim(row: ClaimRow, owner: string): Claim {
  return {
    lease: { taskId: row.task_id, owner, generation: row.lease_generation },
    event: toEvent(row),
    ranMs: Number(row.ran_ms),
    lostWorkers: row.lost_workers,
    lane: row.lane,
  };
}

function held<R>(rows: R[], lease: Lease): R {
  const [row] = rows;
  if (!row) {
    throw new LeaseLost(lease.taskId);
  }
  return row;
}

function first<R>(rows: R[]): R {
  const [row] = rows;
  if (!row) {
    throw new Error('The statement gave no row');
  }
  return row;
}

function toEvent(row: EventRow): TaskEvent {
  return {
    taskId: row.task_id,
    seq: row.seq,
    type: row.type,
    body: row.body,
    createdAt: row.created_at,
  };
}

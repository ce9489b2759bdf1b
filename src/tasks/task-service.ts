import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { mayChange, mayRead, type Principal } from '../auth/principal.js';
import { ApiError } from '../common/api-error.js';
import { sha256OfJson } from '../common/json/json-hash.js';
import { AppConfig } from '../config/app-config.js';
import { Database, isUniqueViolation, type Queryable } from '../infra/database/database.js';
import { TaskQueue } from '../infra/queue/task-queue.js';
import { LARGE_INPUT_BYTES } from './stored-bytes.js';
import { Task } from './task.entity.js';
import type { TaskStatus } from './task-status.js';
import type { TaskEvent } from './task-event.js';
import { TaskPublisher } from './task-publisher.js';
import { TaskReader, type TaskClass, type TaskFilter } from './task-reader.js';
import { TaskStore } from './task-store.js';

/** Acceptances of one user that can be under way at once: all connections of all processes, generously. */
const MAX_UNDER_WAY = 250;

export interface Submission {
  kind: string;
  projectName: string;
  input: object;
  /** Tasks of one lane run one after another; `null`: side by side. */
  lane: string | null;
  idempotencyKey: string | undefined;
  /** Written in the same transaction as the task; throws to refuse it. */
  onAcceptance?: (tx: Queryable) => Promise<void>;
}

/** An accepted task; `status` is `initializing` but for a repeated idempotency key. */
export interface Accepted {
  id: string;
  status: TaskStatus;
}

/** What callers do with tasks; whether they may is decided here, where the task is loaded. */
@Injectable()
export class TaskService {
  private readonly log = new Logger(TaskService.name);
  private readonly reader: TaskReader;

  constructor(
    dataSource: DataSource,
    private readonly db: Database,
    private readonly store: TaskStore,
    private readonly queue: TaskQueue,
    private readonly publisher: TaskPublisher,
    private readonly config: AppConfig,
  ) {
    this.reader = new TaskReader(dataSource, db);
  }

  /**
   * Accepts a task: after this it is never lost. With an idempotency key that was used before, answers with the
   * first task.
   * @throws ApiError `conflict` for a key with another body and for a user with too many unfinished tasks,
   * `payload_too_large` for an input over the user's quota of stored bytes.
   */
  async submit(user: Principal, submission: Submission): Promise<Accepted> {
    const { kind, idempotencyKey: key } = submission;
    const hash =
      key === undefined ? null : sha256OfJson([submission.projectName, submission.input]);
    if (key !== undefined && hash) {
      const earlier = await this.findEarlier(user, kind, key, hash);
      if (earlier) {
        return earlier;
      }
    }
    const isNearLimit = await this.refuseOverQuota(user);
    const id = randomUUID();
    try {
      await this.db.transaction(async (tx) => {
        await submission.onAcceptance?.(tx);
        await this.refuseUnderLock(tx, user, submission.input, isNearLimit);
        const task = {
          id,
          kind,
          owner: user.username,
          projectName: submission.projectName,
          input: submission.input,
          lane: submission.lane,
          idempotencyKey: key ?? null,
          idempotencyHash: hash,
        };
        await this.store.insert(task, tx);
      });
    } catch (error) {
      // The same request came twice at once: the other one was first.
      const earlier =
        key !== undefined && hash && isUniqueViolation(error)
          ? await this.findEarlier(user, kind, key, hash)
          : null;
      if (earlier) {
        return earlier;
      }
      throw error;
    }
    await this.queue.enqueue({ kind, taskId: id }).catch((error: Error) => {
      // The row is committed: the dispatcher delivers it when the queue is back.
      this.log.warn(`Task ${id} is accepted, but not enqueued yet: ${error.message}`);
    });
    return { id, status: 'initializing' };
  }

  /** @throws ApiError `not_found`, `forbidden` */
  async get<T extends Task>(user: Principal, type: TaskClass<T>, id: string): Promise<T> {
    const task = await this.reader.find(type, id);
    if (!task) {
      throw new ApiError('not_found', `${type.name} not found`);
    }
    if (!mayRead(user, task.owner)) {
      throw new ApiError('forbidden', `Not authorized to view this ${type.name.toLowerCase()}`);
    }
    return task;
  }

  /** Newest first. */
  async list<T extends Task>(type: TaskClass<T>, filter: TaskFilter): Promise<[T[], number]> {
    return this.reader.page(type, filter);
  }

  /**
   * A cancel that returns has won: the task ends as cancelled.
   * @throws ApiError `not_found`, `forbidden`, `conflict`
   */
  async cancel<T extends Task>(user: Principal, type: TaskClass<T>, id: string): Promise<void> {
    const task = await this.get(user, type, id);
    if (!mayChange(user, task.owner)) {
      throw new ApiError('forbidden', `Not authorized to cancel this ${type.name.toLowerCase()}`);
    }
    const event = await this.store.cancel(id);
    if (!event) {
      const { status } = await this.get(user, type, id);
      throw new ApiError('conflict', `${type.name} cannot be cancelled: it is already ${status}`);
    }
    this.publisher.publish(event);
    await this.publisher.wakeNextInLane(id);
  }

  /** Stored events after `seq`, oldest first, at most `limit`. Call `get` first: it decides who may. */
  events(id: string, since: number, limit: number): Promise<TaskEvent[]> {
    return this.store.eventsSince(id, since, limit);
  }

  private async findEarlier(user: Principal, kind: string, key: string, hash: Buffer) {
    const earlier = await this.store.findByKey(user.username, kind, key);
    if (earlier && !earlier.hash.equals(hash)) {
      throw new ApiError('conflict', 'This Idempotency-Key was used with another body');
    }
    return earlier;
  }

  /** @returns whether others that are being accepted at this moment could fill what is left. */
  private async refuseOverQuota(user: Principal): Promise<boolean> {
    const limit = this.config.quotas.unfinishedTasks;
    if (limit === 0) {
      return false;
    }
    const unfinished = await this.store.countUnfinished(user.username, limit);
    refuseAt(limit, unfinished);
    return unfinished + MAX_UNDER_WAY >= limit;
  }

  /** Exactly, one acceptance of a user after another, where it could matter. */
  private async refuseUnderLock(
    tx: Queryable,
    user: Principal,
    input: object,
    isNearLimit: boolean,
  ): Promise<void> {
    const bytes = Buffer.byteLength(JSON.stringify(input));
    const isLarge = bytes >= LARGE_INPUT_BYTES;
    if (!isNearLimit && !isLarge) {
      return;
    }
    await this.store.lockOwner(tx, user.username);
    const { unfinishedTasks, storedBytes } = this.config.quotas;
    if (isNearLimit) {
      const count = await this.store.countUnfinished(user.username, unfinishedTasks, tx);
      refuseAt(unfinishedTasks, count);
    }
    if (isLarge && (await this.store.storedBytes(user.username, tx)) + bytes > storedBytes) {
      throw new ApiError(
        'payload_too_large',
        'You may store no more, and files sent for an analysis count: delete a project, or ask for a higher quota',
      );
    }
  }
}

function refuseAt(limit: number, unfinished: number): void {
  if (unfinished >= limit) {
    throw new ApiError(
      'conflict',
      `You have ${limit} unfinished tasks: wait for one to end, or cancel one`,
    );
  }
}

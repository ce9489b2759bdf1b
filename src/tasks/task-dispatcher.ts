import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { TaskQueue } from '../infra/queue/task-queue.js';
import { TaskStore } from './task-store.js';

const INTERVAL_MS = 500;
const BATCH = 100;

/**
 * Hands due rows to the queue, in every process: relay for what was accepted but never enqueued, recovery for
 * lost deliveries and dead workers.
 */
@Injectable()
export class TaskDispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(TaskDispatcher.name);
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private isStopped = false;
  private isFailing = false;

  constructor(
    private readonly store: TaskStore,
    private readonly queue: TaskQueue,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private schedule(delayMs: number): void {
    if (this.isStopped) {
      return;
    }
    this.timer = setTimeout(() => {
      this.round = this.dispatch().then(() => this.schedule(INTERVAL_MS));
    }, delayMs);
  }

  private async dispatch(): Promise<void> {
    try {
      for (const { id, kind } of await this.store.takeDue(BATCH)) {
        await this.queue.enqueue({ kind, taskId: id });
      }
      this.isFailing = false;
    } catch (error) {
      // Said once; the rows stay due, and readiness tells the rest.
      if (!this.isFailing) {
        this.log.warn(`Due tasks can't be handed to the queue: ${String(error)}`);
      }
      this.isFailing = true;
    }
  }
}

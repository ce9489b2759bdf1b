import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { isDoneWithin } from '../common/within-time.js';
import { AppConfig } from '../config/app-config.js';
import { TaskQueue } from '../infra/queue/task-queue.js';
import { TaskPublisher } from './task-publisher.js';
import { TaskRunner } from './task-runner.js';
import { TaskStore } from './task-store.js';

/** How long running tasks may go on after the process was told to stop, before they are handed back. */
const DRAIN_MS = 5_000;

/** How long they may take to let go after that; then their leases lapse, as those of a worker that died. */
const LET_GO_MS = 5_000;

/** A task that is ready at two looks, with a place free at both, has no delivery under way. */
const LOOK_EVERY_MS = 1_000;

/** Takes deliveries while the process works, and lets go in order when it stops. */
@Injectable()
export class TaskWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(TaskWorker.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private seen: string | undefined;
  private isStopped = false;

  constructor(
    private readonly queue: TaskQueue,
    private readonly runner: TaskRunner,
    private readonly store: TaskStore,
    private readonly publisher: TaskPublisher,
    private readonly config: AppConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.queue.consume(this.config.work.concurrency, (delivery) => this.runner.run(delivery));
    this.scheduleLook();
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.looking;
    const drained = this.queue.close();
    if (this.runner.runningCount > 0) {
      this.log.log(`Waiting for ${this.runner.runningCount} running tasks`);
    }
    if (await isDoneWithin(DRAIN_MS, drained)) {
      return;
    }
    this.runner.handBackAll();
    if (!(await isDoneWithin(LET_GO_MS, drained))) {
      this.log.warn(`Stopping without ${this.runner.runningCount} tasks that don't let go`);
    }
  }

  private scheduleLook(): void {
    if (!this.isStopped) {
      this.timer = setTimeout(() => {
        this.looking = this.look().finally(() => this.scheduleLook());
      }, LOOK_EVERY_MS);
    }
  }

  /**
   * A delivery stands for any task, so one that got lost is missed by whichever task is last; its own next one may be
   * minutes away.
   */
  private async look(): Promise<void> {
    const before = this.seen;
    this.seen = undefined;
    if (this.runner.runningCount >= this.config.work.concurrency) {
      return;
    }
    // Without the database nothing could be claimed anyway.
    const ready = await this.store.firstReady().catch(() => null);
    if (ready && ready.id === before) {
      await this.publisher.deliver({ kind: ready.kind, taskId: ready.id });
    }
    this.seen = ready?.id;
  }
}

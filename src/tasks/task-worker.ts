import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { TaskQueue } from '../infra/queue/task-queue.js';
import { TaskRunner } from './task-runner.js';

/** How long running tasks may go on after the process was told to stop, before they are handed back. */
const DRAIN_MS = 5_000;

/** Takes deliveries while the process works, and lets go in order when it stops. */
@Injectable()
export class TaskWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(TaskWorker.name);

  constructor(
    private readonly queue: TaskQueue,
    private readonly runner: TaskRunner,
    private readonly config: AppConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.queue.consume(this.config.work.concurrency, (delivery) => this.runner.run(delivery));
  }

  async onModuleDestroy(): Promise<void> {
    const drained = this.queue.close();
    if (this.runner.runningCount > 0) {
      this.log.log(`Waiting for ${this.runner.runningCount} running tasks`);
    }
    const limit = setTimeout(() => this.runner.handBackAll(), DRAIN_MS);
    await drained;
    clearTimeout(limit);
  }
}

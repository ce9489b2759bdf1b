import {
  Injectable,
  Optional,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Database } from '../../infra/database/database.js';
import { TaskRunner } from '../../tasks/task-runner.js';
import { WorkerWatch } from './worker-watch.js';

const INTERVAL_MS = 5_000;

const OLDEST_WAITING = {
  name: 'health_oldest_waiting',
  text: `SELECT id, next_dispatch_at FROM tasks
         WHERE status = 'initializing' AND dispatches > 0 ORDER BY created_at, id LIMIT 1`,
};

/** Whether the deliveries of tasks reach the worker in this process. */
@Injectable()
export class WorkerIndicator implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly watch = new WorkerWatch();
  private timer: NodeJS.Timeout | undefined;
  private observing: Promise<void> | undefined;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly database: Database,
    @Optional() private readonly runner?: TaskRunner,
  ) {}

  /** `null`: this process doesn't work. */
  get runningCount(): number | null {
    return this.runner?.runningCount ?? null;
  }

  onApplicationBootstrap(): void {
    if (this.runner) {
      this.timer = setInterval(() => void this.observe(), INTERVAL_MS).unref();
    }
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.observing;
  }

  check(): PromiseLike<HealthIndicatorResult> {
    const indicator = this.indicators.check('worker');
    const result = this.watch.isStuck
      ? indicator.down('has nothing to do, and takes none of the tasks that wait')
      : indicator.up();
    return Promise.resolve<HealthIndicatorResult>(result);
  }

  /** Looks once; one look at a time. */
  observe(): Promise<void> {
    this.observing ??= this.look().finally(() => (this.observing = undefined));
    return this.observing;
  }

  private async look(): Promise<void> {
    const wasIdle = this.runningCount === 0;
    try {
      const [row] = await this.database.query<{ id: string; next_dispatch_at: Date }>(
        OLDEST_WAITING,
      );
      this.watch.observe(
        wasIdle && this.runningCount === 0,
        row ? { id: row.id, nextDispatchAt: row.next_dispatch_at } : null,
      );
    } catch {
      // Without the database nothing can be claimed, and that is readiness' to tell: no worker's fault.
      this.watch.observe(false, null);
    }
  }
}

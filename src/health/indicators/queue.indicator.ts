import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { TaskQueue } from '../../infra/queue/task-queue.js';
import { PROBE_CACHE_MS, PROBE_TIMEOUT_MS } from './probe-limits.js';

@Injectable()
export class QueueIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly queue: TaskQueue,
  ) {}

  check(): PromiseLike<HealthIndicatorResult> {
    return this.indicators
      .check('queue')
      .attempt(async () => {
        if (!(await this.queue.isHealthy())) {
          throw new Error('takes no tasks');
        }
        return { isDegraded: await this.queue.isForgetful() };
      })
      .withTimeout(PROBE_TIMEOUT_MS)
      .cacheFor(PROBE_CACHE_MS);
  }
}

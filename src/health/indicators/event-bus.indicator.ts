import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { EventBus } from '../../infra/event-bus/event-bus.js';
import { PROBE_CACHE_MS, PROBE_TIMEOUT_MS } from './probe-limits.js';

@Injectable()
export class EventBusIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly bus: EventBus,
  ) {}

  check(): PromiseLike<HealthIndicatorResult> {
    return this.indicators
      .check('bus')
      .attempt(async () => {
        if (!(await this.bus.isHealthy())) {
          throw new Error('carries no events');
        }
      })
      .withTimeout(PROBE_TIMEOUT_MS)
      .cacheFor(PROBE_CACHE_MS);
  }
}

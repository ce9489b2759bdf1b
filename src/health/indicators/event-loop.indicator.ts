import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { EventLoopWatch } from './event-loop-watch.js';

const TICK_MS = 1_000;

/** A loop that never turns again can't answer a probe at all; this one tells of a loop that hardly turns. */
@Injectable()
export class EventLoopIndicator implements OnApplicationBootstrap, OnModuleDestroy {
  private watch = new EventLoopWatch(TICK_MS, performance.now());
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly indicators: HealthIndicatorService) {}

  onApplicationBootstrap(): void {
    // Start-up blocks the loop and is no fault.
    this.watch = new EventLoopWatch(TICK_MS, performance.now());
    this.timer = setInterval(() => this.watch.tick(performance.now()), TICK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  check(): PromiseLike<HealthIndicatorResult> {
    const indicator = this.indicators.check('event_loop');
    const result = this.watch.isStuck ? indicator.down('hardly turns') : indicator.up();
    return Promise.resolve<HealthIndicatorResult>(result);
  }
}

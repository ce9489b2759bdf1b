import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** In ms; a finer timer would wake an idle process more often than its work does. */
const EVENT_LOOP_RESOLUTION = 50;

/** This process' metrics; whoever has one of its own registers it in `registry`. */
@Injectable()
export class Metrics {
  /** Not the library's global one, which two apps in one process would share. */
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({
      register: this.registry,
      eventLoopMonitoringPrecision: EVENT_LOOP_RESOLUTION,
    });
  }
}

import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { DatabaseIndicator } from './indicators/database.indicator.js';
import { DiskIndicator } from './indicators/disk.indicator.js';
import { EventBusIndicator } from './indicators/event-bus.indicator.js';
import { EventLoopIndicator } from './indicators/event-loop.indicator.js';
import { QueueIndicator } from './indicators/queue.indicator.js';
import { WorkerIndicator } from './indicators/worker.indicator.js';
import { Metrics } from './metrics/metrics.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { TaskCounts } from './metrics/task-counts.js';
import { ProcessUsage } from './process-usage.js';
import { StatusSources } from './status-source.js';

/** Probes, status and metrics. Features import it to show a toolchain (`StatusSources`) or a metric (`Metrics`). */
@Module({
  imports: [TerminusModule],
  controllers: [HealthController, MetricsController],
  providers: [
    HealthService,
    DatabaseIndicator,
    QueueIndicator,
    EventBusIndicator,
    DiskIndicator,
    EventLoopIndicator,
    WorkerIndicator,
    Metrics,
    RequestMetrics,
    TaskCounts,
    ProcessUsage,
    StatusSources,
  ],
  exports: [StatusSources, Metrics, RequestMetrics],
})
export class HealthModule {}

import { Injectable, Logger, Optional, type OnModuleDestroy } from '@nestjs/common';
import type { HealthIndicatorResult } from '@nestjs/terminus';
import { AppConfig } from '../config/app-config.js';
import { Sandbox, type SandboxStatus } from '../infra/sandbox/sandbox.js';
import { DatabaseIndicator } from './indicators/database.indicator.js';
import { DiskIndicator } from './indicators/disk.indicator.js';
import { EventBusIndicator } from './indicators/event-bus.indicator.js';
import { EventLoopIndicator } from './indicators/event-loop.indicator.js';
import { QueueIndicator } from './indicators/queue.indicator.js';
import { WorkerIndicator } from './indicators/worker.indicator.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { ProcessUsage, type Usage } from './process-usage.js';
import { StatusSources, type ToolchainStatus } from './status-source.js';

export type ComponentHealth = 'healthy' | 'degraded' | 'unhealthy';

/** What a set of indicators found. */
export interface Checkup {
  isGood: boolean;
  checks: Record<string, ComponentHealth>;
  /** One sentence an unhealthy check, fit for everybody's eyes. */
  problems: string[];
}

export interface SystemStatus {
  components: Record<'api' | 'database' | 'cache' | 'security', ComponentHealth>;
  /** `null`: this process doesn't work. */
  worker: {
    status: ComponentHealth;
    disk: ComponentHealth;
    running: number;
    concurrency: number;
  } | null;
  /** `null`: this process runs no foreign code. */
  sandbox: SandboxStatus | null;
  toolchains: Record<string, ToolchainStatus>;
  engine: string;
  usage: Usage & { requestsTotal: number; requestsPerSecond: number };
}

/** Puts together what the indicators of this process say. */
@Injectable()
export class HealthService implements OnModuleDestroy {
  private readonly log = new Logger(HealthService.name);
  private isStopping = false;
  private lastProblems = '';

  constructor(
    private readonly config: AppConfig,
    private readonly database: DatabaseIndicator,
    private readonly queue: QueueIndicator,
    private readonly bus: EventBusIndicator,
    private readonly disk: DiskIndicator,
    private readonly eventLoop: EventLoopIndicator,
    private readonly worker: WorkerIndicator,
    private readonly requests: RequestMetrics,
    private readonly usage: ProcessUsage,
    private readonly sources: StatusSources,
    @Optional() private readonly sandbox?: Sandbox,
  ) {}

  /** Balancers send elsewhere what comes while running tasks drain. */
  onModuleDestroy(): void {
    this.isStopping = true;
  }

  /** Whether requests can be served; a worker's disk counts, too. */
  async readiness(): Promise<Checkup> {
    const probes = [this.database.check(), this.queue.check()];
    if (this.works) {
      probes.push(this.disk.check());
    }
    const checkup = await checkUp(probes);
    if (this.isStopping) {
      checkup.isGood = false;
      checkup.problems.push('the server is stopping');
    }
    this.tellChange(checkup.problems.join('; '));
    return checkup;
  }

  /** Whether only a restart helps: a lost database or broker is no reason. */
  liveness(): Promise<Checkup> {
    const probes = [this.eventLoop.check()];
    if (this.works) {
      probes.push(this.worker.check());
    }
    return checkUp(probes);
  }

  async status(): Promise<SystemStatus> {
    const { checks } = await checkUp([
      this.database.check(),
      this.queue.check(),
      this.bus.check(),
      this.disk.check(),
      this.eventLoop.check(),
      this.worker.check(),
    ]);
    const sandbox = this.sandbox?.status ?? null;
    return {
      components: {
        api: worst(checks, 'event_loop'),
        database: worst(checks, 'database'),
        cache: worst(checks, 'queue', 'bus'),
        security: sandbox?.isolated === false ? 'degraded' : 'healthy',
      },
      worker: this.works
        ? {
            status: worst(checks, 'worker', 'disk'),
            disk: worst(checks, 'disk'),
            running: this.worker.runningCount ?? 0,
            concurrency: this.config.work.concurrency,
          }
        : null,
      sandbox,
      toolchains: this.sources.readAll(),
      engine: this.config.llm
        ? `${this.config.llm.provider}:${this.config.llm.model}`
        : 'blueprints',
      usage: {
        ...this.usage.read(),
        requestsTotal: this.requests.total,
        requestsPerSecond: this.requests.perSecond,
      },
    };
  }

  private get works(): boolean {
    return this.worker.runningCount !== null;
  }

  /** A probe comes every few seconds; the log hears of changes only. */
  private tellChange(problems: string): void {
    if (problems === this.lastProblems) {
      return;
    }
    this.lastProblems = problems;
    if (problems) {
      this.log.warn(`Not ready: ${problems}`);
    } else {
      this.log.log('Ready again');
    }
  }
}

async function checkUp(probes: PromiseLike<HealthIndicatorResult>[]): Promise<Checkup> {
  const checkup: Checkup = { isGood: true, checks: {}, problems: [] };
  for (const result of await Promise.all(probes)) {
    for (const [name, { status, ...details }] of Object.entries(result)) {
      const good = details['isDegraded'] ? 'degraded' : 'healthy';
      checkup.checks[name] = status === 'up' ? good : 'unhealthy';
      if (status !== 'up') {
        checkup.isGood = false;
        checkup.problems.push(`${name} ${String(details['message'])}`);
      }
    }
  }
  return checkup;
}

function worst(checks: Checkup['checks'], ...names: string[]): ComponentHealth {
  const found = names.map((name) => checks[name]);
  if (found.every((health) => health === 'healthy')) {
    return 'healthy';
  }
  return found.every((health) => health === 'healthy' || health === 'degraded')
    ? 'degraded'
    : 'unhealthy';
}

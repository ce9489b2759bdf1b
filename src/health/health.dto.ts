import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { API_VERSION } from '../common/api-version.js';
import type { Checkup, ComponentHealth, SystemStatus } from './health.service.js';
import type { ToolchainStatus } from './status-source.js';

const COMPONENT = ['healthy', 'degraded', 'unhealthy'] as const;
const TIMESTAMP = { format: 'date-time', example: '2026-02-03T10:30:00.000Z' };

export class HealthBody {
  @ApiProperty({ enum: ['healthy'] })
  status!: 'healthy';

  @ApiProperty(TIMESTAMP)
  timestamp!: string;

  @ApiProperty({ example: API_VERSION })
  version!: string;
}

/** What a probe answers; with 503 also the fields that every error has. */
export class ProbeBody {
  @ApiProperty({ enum: ['ready', 'not_ready', 'alive', 'stuck'] })
  status!: 'ready' | 'not_ready' | 'alive' | 'stuck';

  @ApiPropertyOptional({ enum: ['service_unavailable'], description: 'With 503' })
  error?: 'service_unavailable';

  @ApiPropertyOptional({ example: 'database does not answer', description: 'With 503' })
  detail?: string;

  @ApiPropertyOptional({ type: 'integer', example: 503, description: 'With 503' })
  status_code?: 503;

  @ApiProperty(TIMESTAMP)
  timestamp!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...COMPONENT] },
    example: { database: 'healthy', queue: 'healthy', disk: 'healthy' },
  })
  checks!: Record<string, ComponentHealth>;
}

export class ComponentsBody {
  @ApiProperty({ enum: COMPONENT })
  api!: ComponentHealth;

  @ApiProperty({ enum: COMPONENT })
  database!: ComponentHealth;

  @ApiProperty({ enum: COMPONENT, description: 'Queue and event bus: Redis, or in this process' })
  cache!: ComponentHealth;

  @ApiProperty({ enum: COMPONENT, description: '`degraded` without a sandbox' })
  security!: ComponentHealth;
}

export class MetricsBody {
  @ApiProperty({ type: 'integer', example: 3600 })
  uptime_seconds!: number;

  @ApiProperty({ type: 'integer', example: 1250, description: 'Since the start' })
  requests_total!: number;

  @ApiProperty({ example: 0.35, description: 'Over the last minute' })
  requests_per_second!: number;

  @ApiProperty({
    example: 45.2,
    description: "Resident memory, of the container's limit or else the machine's memory",
  })
  memory_percent!: number;

  @ApiProperty({ example: 12.5, description: 'Since the previous sample, of all cores' })
  cpu_percent!: number;
}

export class WorkerBody {
  @ApiProperty({ enum: COMPONENT })
  status!: ComponentHealth;

  @ApiProperty({ enum: COMPONENT })
  disk!: ComponentHealth;

  @ApiProperty({ type: 'integer', example: 1, description: 'Tasks that run now' })
  running!: number;

  @ApiProperty({ type: 'integer', example: 4 })
  concurrency!: number;
}

export class SandboxBody {
  @ApiProperty({ enum: ['bubblewrap', 'process'] })
  kind!: 'bubblewrap' | 'process';

  @ApiProperty({ example: true })
  isolated!: boolean;

  @ApiProperty({ type: 'string', nullable: true, example: null })
  reason!: string | null;
}

export class ToolchainBody implements ToolchainStatus {
  @ApiProperty({ enum: ['ready', 'preparing', 'unavailable'] })
  status!: 'ready' | 'preparing' | 'unavailable';

  @ApiPropertyOptional({ example: '3.11.2' })
  version?: string;

  @ApiPropertyOptional({ description: 'Why it is not ready, and the remedy' })
  reason?: string;
}

/** Of the process that answers; the document's fields first. */
export class StatusBody {
  @ApiProperty({ enum: ['operational', 'degraded'] })
  status!: 'operational' | 'degraded';

  @ApiProperty(TIMESTAMP)
  timestamp!: string;

  @ApiProperty({ example: API_VERSION })
  version!: string;

  @ApiProperty()
  components!: ComponentsBody;

  @ApiProperty()
  metrics!: MetricsBody;

  @ApiProperty({ type: WorkerBody, nullable: true, description: '`null`: it runs no tasks' })
  worker!: WorkerBody | null;

  @ApiProperty({ type: SandboxBody, nullable: true, description: '`null`: it runs no code' })
  sandbox!: SandboxBody | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/ToolchainBody' },
    example: { python: { status: 'ready', version: '3.11.2' } },
  })
  toolchains!: Record<string, ToolchainBody>;

  @ApiProperty({ example: 'blueprints', description: 'What writes code: `blueprints`, or a model' })
  engine!: string;
}

export function toProbeBody(
  checkup: Checkup,
  words: { good: 'ready' | 'alive'; bad: 'not_ready' | 'stuck' },
  now: Date,
): ProbeBody {
  const timestamp = now.toISOString();
  if (checkup.isGood) {
    return { status: words.good, timestamp, checks: checkup.checks };
  }
  return {
    status: words.bad,
    error: 'service_unavailable',
    detail: checkup.problems.join('; '),
    status_code: 503,
    timestamp,
    checks: checkup.checks,
  };
}

export function toStatusBody(system: SystemStatus, now: Date): StatusBody {
  const parts = [...Object.values(system.components), system.worker?.status ?? 'healthy'];
  const { usage, sandbox } = system;
  return {
    status: parts.every((part) => part === 'healthy') ? 'operational' : 'degraded',
    timestamp: now.toISOString(),
    version: API_VERSION,
    components: system.components,
    metrics: {
      uptime_seconds: usage.uptimeSeconds,
      requests_total: usage.requestsTotal,
      requests_per_second: Math.round(usage.requestsPerSecond * 100) / 100,
      memory_percent: usage.memoryPercent,
      cpu_percent: usage.cpuPercent,
    },
    worker: system.worker,
    sandbox: sandbox && { kind: sandbox.kind, isolated: sandbox.isolated, reason: sandbox.reason },
    toolchains: system.toolchains,
    engine: system.engine,
  };
}

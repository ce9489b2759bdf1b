import { Controller, Get, Header, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../auth/decorators.js';
import { SkipRateLimit } from '../common/rate-limit/rate-limit.decorators.js';
import { API_VERSION } from '../common/api-version.js';
import {
  HealthBody,
  ProbeBody,
  StatusBody,
  ToolchainBody,
  toProbeBody,
  toStatusBody,
} from './health.dto.js';
import { HealthService } from './health.service.js';

@ApiTags('health')
@ApiExtraModels(ToolchainBody)
@Controller('api/health')
@Public()
@SkipRateLimit()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether the process answers, for load balancers' })
  @ApiOkResponse({ type: HealthBody })
  basic(): HealthBody {
    return { status: 'healthy', timestamp: new Date().toISOString(), version: API_VERSION };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Whether requests can be served (readiness probe)',
    description: 'Database, queue and, in a process that runs tasks, its disk.',
  })
  @ApiOkResponse({ type: ProbeBody, description: 'Service ready' })
  @ApiServiceUnavailableResponse({ type: ProbeBody, description: 'Service not ready' })
  async ready(@Res({ passthrough: true }) response: Response): Promise<ProbeBody> {
    const checkup = await this.health.readiness();
    response.status(checkup.isGood ? 200 : 503);
    return toProbeBody(checkup, { good: 'ready', bad: 'not_ready' }, new Date());
  }

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Whether the process works, or needs a restart (liveness probe)',
    description: 'Its event loop and, in a process that runs tasks, its worker.',
  })
  @ApiOkResponse({ type: ProbeBody, description: 'Service alive' })
  @ApiServiceUnavailableResponse({ type: ProbeBody, description: 'Service should be restarted' })
  async live(@Res({ passthrough: true }) response: Response): Promise<ProbeBody> {
    const checkup = await this.health.liveness();
    response.status(checkup.isGood ? 200 : 503);
    return toProbeBody(checkup, { good: 'alive', bad: 'stuck' }, new Date());
  }

  @Get('status')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Components and metrics of the process that answers',
    description: '`degraded` where a component or the worker is not healthy; 200 in both cases.',
  })
  @ApiOkResponse({ type: StatusBody })
  async status(): Promise<StatusBody> {
    return toStatusBody(await this.health.status(), new Date());
  }
}

import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Header, Headers } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { prometheusContentType } from 'prom-client';
import { Public } from '../../auth/decorators.js';
import { ApiError } from '../../common/api-error.js';
import { ApiErrors } from '../../common/openapi/api-errors.decorator.js';
import { AppConfig } from '../../config/app-config.js';
import { Metrics } from './metrics.js';

@ApiTags('health')
@Controller('metrics')
@Public()
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly config: AppConfig,
  ) {}

  @Get()
  @Header('Content-Type', prometheusContentType)
  @Header('Cache-Control', 'no-store')
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Metrics in Prometheus format',
    description:
      'Of the process that answers. Needs `METRICS_TOKEN` as bearer token where that is set.',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string', example: 'http_requests_total{...} 1250' } })
  @ApiErrors('unauthorized', 'rate_limit_exceeded')
  async read(@Headers('authorization') authorization = ''): Promise<string> {
    const { metricsToken } = this.config.http;
    const given = /^Bearer +(.*)$/i.exec(authorization)?.[1] ?? '';
    if (metricsToken !== undefined && !isSame(given, metricsToken)) {
      throw new ApiError('unauthorized', 'Not authenticated', {
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    }
    return this.metrics.registry.metrics();
  }
}

/** In a time that depends on neither text. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

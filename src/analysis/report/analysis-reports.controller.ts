import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import type { Log } from 'sarif';
import { CurrentUser, Requires } from '../../auth/decorators.js';
import type { Principal } from '../../auth/principal.js';
import { LargeTransfer } from '../../common/large-transfers.js';
import { ApiErrors } from '../../common/openapi/api-errors.decorator.js';
import { UuidParam } from '../../common/validation/uuid-param.pipe.js';
import { AnalysisReports } from './analysis-reports.js';
import { AnalysisService } from '../analysis-service.js';
import { FindingFilter } from '../findings/finding-filter.js';
import { FindingPageDto } from '../findings/finding.dto.js';

const SARIF = 'application/sarif+json';

/** What a completed analysis found, by page and as reports. */
@ApiTags('analyses')
@ApiBearerAuth()
@ApiErrors('unauthorized', 'forbidden', 'not_found', 'conflict', 'validation_error')
@ApiErrors('bad_request', 'rate_limit_exceeded', 'service_unavailable')
@Controller('api/analysis/:analysis_id')
export class AnalysisReportsController {
  constructor(
    private readonly analyses: AnalysisService,
    private readonly reports: AnalysisReports,
  ) {}

  @Get('issues')
  @Requires('analysis:read')
  @ApiOperation({
    summary: 'The findings of an analysis, the worst first',
    description: 'With the status that each has now. 409 while the analysis has not completed.',
  })
  @ApiResponse({ status: 200, type: FindingPageDto })
  async issues(
    @CurrentUser() user: Principal,
    @Param('analysis_id', UuidParam) id: string,
    @Query() filter: FindingFilter,
  ): Promise<FindingPageDto> {
    const { total, findings } = await this.analyses.issues(user, id, filter);
    const { limit, offset } = filter;
    return { analysis_id: id, total, limit, offset, issues: findings };
  }

  @Get('sarif')
  @Requires('analysis:read')
  @LargeTransfer(true)
  @Header('Content-Type', SARIF)
  @ApiOperation({
    summary: 'An analysis as SARIF 2.1.0',
    description: 'For code scanning services and editors; the worst 10,000 findings at most.',
  })
  @ApiProduces(SARIF)
  @ApiOkResponse({ content: { [SARIF]: { schema: { type: 'object' } } } })
  sarif(@CurrentUser() user: Principal, @Param('analysis_id', UuidParam) id: string): Promise<Log> {
    return this.reports.sarif(user, id);
  }

  @Get('report')
  @Requires('analysis:read')
  @LargeTransfer(true)
  @Header('Content-Type', 'text/html; charset=utf-8')
  @ApiOperation({ summary: 'An analysis as a self-contained page for people' })
  @ApiProduces('text/html')
  @ApiOkResponse({ content: { 'text/html': { schema: { type: 'string' } } } })
  async report(
    @CurrentUser() user: Principal,
    @Param('analysis_id', UuidParam) id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const { html, contentSecurityPolicy } = await this.reports.html(user, id);
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    return html;
  }
}

import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CurrentUser, Requires } from '../auth/decorators.js';
import type { Principal } from '../auth/principal.js';
import { IdempotencyKey } from '../common/idempotency-key.js';
import { ApiErrors } from '../common/openapi/api-errors.decorator.js';
import { MessageDto } from '../common/openapi/message.dto.js';
import { RateLimit } from '../common/rate-limit/rate-limit.decorators.js';
import { UuidParam } from '../common/validation/uuid-param.pipe.js';
import { TaskListQuery } from '../tasks/task-list-query.dto.js';
import { AnalysisService } from './analysis-service.js';
import {
  AnalysisDto,
  AnalysisPageDto,
  CreateAnalysisDto,
  toAnalysisDto,
  toSummaryDto,
} from './analysis.dto.js';
import { WaitPreference } from './wait-preference.js';

@ApiTags('analyses')
@ApiBearerAuth()
@ApiErrors('unauthorized', 'forbidden', 'rate_limit_exceeded', 'service_unavailable')
@Controller('api/analysis')
export class AnalysisController {
  constructor(private readonly analyses: AnalysisService) {}

  @Post()
  @HttpCode(202)
  @Requires('analysis:create')
  @RateLimit('analysis')
  @ApiOperation({
    summary: 'Create an analysis task',
    description:
      "Analyses `files` where there are some, else the source of `build_id`, else the project's newest source, " +
      'as it is now. What is not yet known is null. Follow it at `WS /api/ws/analysis/{analysis_id}`, or ask again.',
  })
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description:
      '`wait=30` holds the answer until the analysis ends or 30 seconds pass, 60 at most',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key and body within 24 hours answer with the first task',
  })
  @ApiResponse({
    status: 202,
    type: AnalysisDto,
    headers: {
      'Preference-Applied': {
        description: 'The wait that was granted',
        schema: { type: 'string', example: 'wait=30' },
      },
    },
  })
  @ApiErrors('bad_request', 'not_found', 'conflict', 'payload_too_large', 'validation_error')
  async create(
    @CurrentUser() user: Principal,
    @Body() dto: CreateAnalysisDto,
    @IdempotencyKey() key: string | undefined,
    @WaitPreference() waitSeconds: number | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AnalysisDto> {
    const analysis = await this.analyses.submit(user, dto, key);
    if (waitSeconds === null) {
      return toAnalysisDto(...(await this.analyses.details(user, analysis.id)));
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    await this.analyses.untilEnded(analysis.id, waitSeconds, gone.signal);
    response.setHeader('Preference-Applied', `wait=${waitSeconds}`);
    return toAnalysisDto(...(await this.analyses.details(user, analysis.id)));
  }

  @Get()
  @Requires('analysis:read')
  @ApiOperation({
    summary: 'List analyses, newest first',
    description: 'Without their findings: those come with each analysis alone.',
  })
  @ApiResponse({ status: 200, type: AnalysisPageDto })
  @ApiErrors('bad_request', 'validation_error')
  async list(
    @CurrentUser() user: Principal,
    @Query() query: TaskListQuery,
  ): Promise<AnalysisPageDto> {
    const [analyses, total] = await this.analyses.list(user, query);
    return {
      total,
      limit: query.limit,
      offset: query.offset,
      analyses: analyses.map(toSummaryDto),
    };
  }

  @Get(':analysis_id')
  @Requires('analysis:read')
  @ApiOperation({ summary: "An analysis's status and results" })
  @ApiResponse({ status: 200, type: AnalysisDto })
  @ApiErrors('not_found', 'validation_error')
  async get(
    @CurrentUser() user: Principal,
    @Param('analysis_id', UuidParam) id: string,
  ): Promise<AnalysisDto> {
    return toAnalysisDto(...(await this.analyses.details(user, id)));
  }

  @Delete(':analysis_id')
  @Requires('analysis:create')
  @ApiOperation({
    summary: 'Cancel an analysis',
    description: 'A cancel that answers 200 has won: its engines are stopped within 2 seconds.',
  })
  @ApiResponse({ status: 200, type: MessageDto })
  @ApiErrors('not_found', 'conflict', 'validation_error')
  async cancel(
    @CurrentUser() user: Principal,
    @Param('analysis_id', UuidParam) id: string,
  ): Promise<MessageDto> {
    await this.analyses.cancel(user, id);
    return { message: 'Analysis task cancelled successfully' };
  }
}

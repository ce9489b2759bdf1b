import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Requires } from '../auth/decorators.js';
import type { Principal } from '../auth/principal.js';
import { IdempotencyKey } from '../common/idempotency-key.js';
import { MessageDto } from '../common/openapi/message.dto.js';
import { ApiErrors } from '../common/openapi/api-errors.decorator.js';
import { RateLimit } from '../common/rate-limit/rate-limit.decorators.js';
import { UuidParam } from '../common/validation/uuid-param.pipe.js';
import { TaskListQuery } from '../tasks/task-list-query.dto.js';
import { BuildService } from './build-service.js';
import {
  BuildAcceptedDto,
  BuildDto,
  BuildLogDto,
  BuildPageDto,
  CreateBuildDto,
  RetryBuildDto,
  toBuildDto,
} from './dto/build.dto.js';

const IDEMPOTENCY = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key and body within 24 hours answer with the first task',
};

@ApiTags('builds')
@ApiBearerAuth()
@ApiErrors('unauthorized', 'forbidden', 'rate_limit_exceeded', 'service_unavailable')
@Controller('api/build')
export class BuildController {
  constructor(private readonly builds: BuildService) {}

  @Post()
  @HttpCode(202)
  @Requires('build:create')
  @RateLimit('build')
  @ApiOperation({
    summary: 'Create a build task',
    description:
      'Accepted tasks are never lost. Follow one at `WS /api/ws/build/{task_id}`, or ask for its status. ' +
      'Builds of one project run one after another.',
  })
  @ApiHeader(IDEMPOTENCY)
  @ApiResponse({ status: 202, type: BuildAcceptedDto })
  @ApiErrors('bad_request', 'conflict', 'payload_too_large', 'validation_error')
  @ApiErrors('unsupported_media_type')
  async create(
    @CurrentUser() user: Principal,
    @Body() dto: CreateBuildDto,
    @IdempotencyKey() key: string | undefined,
  ): Promise<BuildAcceptedDto> {
    const { id, status } = await this.builds.submit(user, dto, key);
    return { task_id: id, status, message: 'Build task created successfully' };
  }

  @Get()
  @Requires('build:read')
  @ApiOperation({ summary: 'List builds, newest first' })
  @ApiResponse({ status: 200, type: BuildPageDto })
  @ApiErrors('bad_request', 'validation_error')
  async list(@CurrentUser() user: Principal, @Query() query: TaskListQuery): Promise<BuildPageDto> {
    const [builds, total] = await this.builds.list(user, query);
    return {
      total,
      limit: query.limit,
      offset: query.offset,
      builds: builds.map(toBuildDto),
    };
  }

  @Get(':task_id')
  @Requires('build:read')
  @ApiOperation({ summary: "A build's status and results" })
  @ApiResponse({ status: 200, type: BuildDto })
  @ApiErrors('not_found', 'validation_error')
  async get(
    @CurrentUser() user: Principal,
    @Param('task_id', UuidParam) id: string,
  ): Promise<BuildDto> {
    return toBuildDto(await this.builds.get(user, id));
  }

  @Delete(':task_id')
  @Requires('build:cancel')
  @ApiOperation({
    summary: 'Cancel a build',
    description:
      'A cancel that answers 200 has won: what the build runs is killed within 2 seconds.',
  })
  @ApiResponse({ status: 200, type: MessageDto })
  @ApiErrors('not_found', 'conflict', 'validation_error')
  async cancel(
    @CurrentUser() user: Principal,
    @Param('task_id', UuidParam) id: string,
  ): Promise<MessageDto> {
    await this.builds.cancel(user, id);
    return { message: 'Build task cancelled successfully' };
  }

  @Post(':task_id/retry')
  @HttpCode(202)
  @Requires('build:create')
  @RateLimit('build')
  @ApiOperation({
    summary: 'Go on with a build that failed or was cancelled',
    description:
      'A new build, which begins with the step that the other one got stuck in: plan and files are taken over, limits count anew.',
  })
  @ApiHeader(IDEMPOTENCY)
  @ApiResponse({ status: 202, type: BuildAcceptedDto })
  @ApiErrors('bad_request', 'not_found', 'conflict', 'payload_too_large', 'validation_error')
  @ApiErrors('unsupported_media_type')
  async retry(
    @CurrentUser() user: Principal,
    @Param('task_id', UuidParam) id: string,
    @Body() dto: RetryBuildDto,
    @IdempotencyKey() key: string | undefined,
  ): Promise<BuildAcceptedDto> {
    const accepted = await this.builds.retry(user, id, { ...dto.parameters }, key);
    return { task_id: accepted.id, status: accepted.status, message: 'Build will be gone on with' };
  }

  @Post(':task_id/verify')
  @HttpCode(202)
  @Requires('build:create')
  @RateLimit('build')
  @ApiOperation({
    summary: "Run the checks again on a build's files",
    description: 'A new build, which makes nothing: neither the files nor the project change.',
  })
  @ApiHeader(IDEMPOTENCY)
  @ApiResponse({ status: 202, type: BuildAcceptedDto })
  @ApiErrors('not_found', 'conflict', 'validation_error')
  async verify(
    @CurrentUser() user: Principal,
    @Param('task_id', UuidParam) id: string,
    @IdempotencyKey() key: string | undefined,
  ): Promise<BuildAcceptedDto> {
    const accepted = await this.builds.verify(user, id, key);
    return { task_id: accepted.id, status: accepted.status, message: 'Build will be verified' };
  }

  @Get(':task_id/logs')
  @Requires('build:read')
  @ApiOperation({ summary: "The raw output of a build's checks" })
  @ApiResponse({ status: 200, type: [BuildLogDto] })
  @ApiErrors('not_found', 'validation_error')
  logs(
    @CurrentUser() user: Principal,
    @Param('task_id', UuidParam) id: string,
  ): Promise<BuildLogDto[]> {
    return this.builds.logs(user, id);
  }
}

import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Requires } from '../auth/decorators.js';
import type { Principal } from '../auth/principal.js';
import { ApiErrors } from '../common/openapi/api-errors.decorator.js';
import { RateLimit } from '../common/rate-limit/rate-limit.decorators.js';
import { CreateBuildDto } from './dto/build.dto.js';
import { BuildPlanner } from './build-planner.js';
import { CapabilitiesDto, PreviewDto, ToolchainStateDto } from './dto/preview.dto.js';

/** Stands before the controller of builds: its paths would pass for ids there. */
@ApiTags('builds')
@ApiBearerAuth()
@ApiExtraModels(ToolchainStateDto)
@ApiErrors('unauthorized', 'forbidden', 'rate_limit_exceeded', 'service_unavailable')
@Controller('api/build')
export class PreviewController {
  constructor(private readonly planner: BuildPlanner) {}

  @Post('preview')
  @HttpCode(200)
  @Requires('build:create')
  @RateLimit('build')
  @ApiOperation({
    summary: 'What a build would make, without building it',
    description:
      'By the offline engine, whatever model is connected. A goal of which it understands nothing is 422, with what it can build.',
  })
  @ApiResponse({ status: 200, type: PreviewDto })
  @ApiErrors('bad_request', 'payload_too_large', 'validation_error', 'unsupported_media_type')
  preview(@CurrentUser() user: Principal, @Body() dto: CreateBuildDto): Promise<PreviewDto> {
    return this.planner.preview(user, dto);
  }

  @Get('capabilities')
  @Requires('build:read')
  @ApiOperation({ summary: 'Frameworks, features, types of fields, toolchains and the engine' })
  @ApiResponse({ status: 200, type: CapabilitiesDto })
  capabilities(): CapabilitiesDto {
    return this.planner.capabilities();
  }
}

import { Body, Controller, Get, Header, Param, Patch, Put, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, Requires } from '../../auth/decorators.js';
import type { Principal } from '../../auth/principal.js';
import { ApiErrors } from '../../common/openapi/api-errors.decorator.js';
import { OwnerQuery } from '../../projects/projects.dto.js';
import { ProjectNameParam } from '../../projects/projects.params.js';
import {
  DecisionBody,
  DecisionDto,
  GateDto,
  toDecisionDto,
  TrendDto,
  TrendQuery,
} from './project-analyses.dto.js';
import { FingerprintParam } from './fingerprint.pipe.js';
import { ProjectPolicies } from './project-policies.js';
import { renderScoreBadge } from '../report/badge.js';
import { Trend } from '../../projects/trend.js';

const NAME = { name: 'name', description: "The project's name", example: 'my-project' };

/** What analyses know of a project as a whole, and what people decide about it. */
@ApiTags('analyses')
@ApiBearerAuth()
@ApiErrors('bad_request', 'unauthorized', 'forbidden', 'not_found', 'validation_error')
@ApiErrors('rate_limit_exceeded', 'service_unavailable')
@Controller('api/projects/:name')
export class ProjectAnalysesController {
  constructor(
    private readonly policies: ProjectPolicies,
    private readonly trend: Trend,
  ) {}

  @Patch('findings/:fingerprint')
  @Requires('build:create')
  @ApiOperation({
    summary: 'Decide about a finding',
    description:
      'Remembered for every later analysis of the project, which then leaves it out of counts, score and gate.',
  })
  @ApiParam(NAME)
  @ApiOkResponse({ type: DecisionDto })
  async decide(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) projectName: string,
    @Param('fingerprint', FingerprintParam) fingerprint: string,
    @Query() { user: owner = user.username }: OwnerQuery,
    @Body() { status, comment = null }: DecisionBody,
  ): Promise<DecisionDto> {
    const decision = { status, comment };
    return toDecisionDto(
      await this.policies.decide(user, { owner, projectName }, fingerprint, decision),
    );
  }

  @Get('gate')
  @Requires('analysis:read')
  @ApiOperation({ summary: "A project's quality gate", description: 'Empty: it has none.' })
  @ApiParam(NAME)
  @ApiOkResponse({ type: GateDto })
  gate(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) projectName: string,
    @Query() { user: owner = user.username }: OwnerQuery,
  ): Promise<GateDto> {
    return this.policies.gate(user, { owner, projectName });
  }

  @Put('gate')
  @Requires('build:create')
  @ApiOperation({
    summary: "Set a project's quality gate",
    description:
      'Replaces all thresholds; an empty body removes the gate. Later analyses say `gate: passed` or `failed`.',
  })
  @ApiParam(NAME)
  @ApiOkResponse({ type: GateDto })
  setGate(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) projectName: string,
    @Query() { user: owner = user.username }: OwnerQuery,
    @Body() conditions: GateDto,
  ): Promise<GateDto> {
    return this.policies.setGate(user, { owner, projectName }, { ...conditions });
  }

  @Get('trend')
  @Requires('analysis:read')
  @ApiOperation({ summary: "How a project's completed analyses developed" })
  @ApiParam(NAME)
  @ApiOkResponse({ type: TrendDto })
  async trendOf(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) projectName: string,
    @Query() { user: owner = user.username, limit }: TrendQuery,
  ): Promise<TrendDto> {
    await this.policies.refuseUnknown(user, { owner, projectName });
    return {
      project_name: projectName,
      analyses: await this.trend.of({ owner, projectName }, limit),
    };
  }

  @Get('badge.svg')
  @Requires('analysis:read')
  @Header('Content-Type', 'image/svg+xml; charset=utf-8')
  @Header('Cache-Control', 'no-cache')
  @ApiOperation({ summary: "A picture of the newest score of the project's source" })
  @ApiParam(NAME)
  @ApiProduces('image/svg+xml')
  @ApiOkResponse({ content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  async badge(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) projectName: string,
    @Query() { user: owner = user.username }: OwnerQuery,
  ): Promise<string> {
    await this.policies.refuseUnknown(user, { owner, projectName });
    return renderScoreBadge(await this.trend.scoreOf({ owner, projectName }));
  }
}

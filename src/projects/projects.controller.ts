import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CurrentUser, Requires } from '../auth/decorators.js';
import type { Principal } from '../auth/principal.js';
import { LargeTransfer } from '../common/large-transfers.js';
import { readUpload } from '../common/upload-body.js';
import { ApiErrors } from '../common/openapi/api-errors.decorator.js';
import { AppConfig } from '../config/app-config.js';
import {
  OwnerQuery,
  ProjectDeleted,
  ProjectDetails,
  ProjectListQuery,
  ProjectPage,
  ProjectQuery,
  RestoreBody,
  SnapshotView,
  toProjectView,
  toSnapshotView,
} from './projects.dto.js';
import { ProjectNameParam } from './projects.params.js';
import { ProjectsService } from './projects.service.js';
import { Trend } from './trend.js';

/** Analyses in a project's trend. */
const MAX_TREND = 20;

const NAME = { name: 'name', description: "The project's name", example: 'my-project' };

@ApiTags('projects')
@ApiBearerAuth()
@ApiErrors('bad_request', 'unauthorized', 'forbidden', 'validation_error', 'rate_limit_exceeded')
@Controller('api/projects')
export class ProjectsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly trend: Trend,
    private readonly config: AppConfig,
  ) {}

  @Get()
  @Requires('build:read')
  @ApiOperation({ summary: 'List projects', description: 'Your own, newest first.' })
  @ApiOkResponse({ type: ProjectPage })
  async list(
    @CurrentUser() user: Principal,
    @Query() { user: owner, limit, offset }: ProjectListQuery,
  ): Promise<ProjectPage> {
    const [projects, total] = await this.projects.list(user, { owner, limit, offset });
    return { total, limit, offset, projects: projects.map(toProjectView) };
  }

  @Get(':name')
  @Requires('build:read')
  @ApiOperation({ summary: 'Get a project with its snapshots' })
  @ApiParam(NAME)
  @ApiOkResponse({ type: ProjectDetails })
  @ApiErrors('not_found')
  async get(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) name: string,
    @Query() { user: owner, limit, offset }: ProjectQuery,
  ): Promise<ProjectDetails> {
    const project = await this.projects.get(user, { name, owner });
    const [[snapshots, total], trend] = await Promise.all([
      this.projects.snapshots(project, { limit, offset }),
      this.trend.of({ owner: project.owner, projectName: project.name }, MAX_TREND),
    ]);
    return {
      ...toProjectView(project),
      total,
      limit,
      offset,
      snapshots: snapshots.map(toSnapshotView),
      trend,
    };
  }

  @Put(':name/source')
  @LargeTransfer(true)
  @HttpCode(201)
  @Requires('build:create')
  @ApiOperation({
    summary: "Upload a project's source",
    description:
      'Replaces the whole source by the files of a zip, a tar.gz or a JSON body, and makes the project if there is none. A single folder around everything in an archive is taken off.',
  })
  @ApiParam(NAME)
  @ApiConsumes('application/json', 'application/zip', 'application/gzip')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['files'],
      properties: { files: { type: 'object', additionalProperties: { type: 'string' } } },
      example: { files: { 'main.py': 'print("hello")\n' } },
    },
  })
  @ApiCreatedResponse({ type: SnapshotView })
  @ApiErrors('not_found', 'payload_too_large', 'unsupported_media_type')
  async replaceSource(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) name: string,
    @Query() { user: owner }: OwnerQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SnapshotView> {
    const body = await readUpload(request, response, this.config.uploads.maxBytes);
    const upload = { body, contentType: request.headers['content-type'] };
    return toSnapshotView(await this.projects.replaceSource(user, { name, owner }, upload));
  }

  @Post(':name/restore')
  @Requires('build:create')
  @ApiOperation({
    summary: 'Restore an earlier snapshot',
    description: 'Its files become the newest snapshot; what came between stays in the line.',
  })
  @ApiParam(NAME)
  @ApiCreatedResponse({ type: SnapshotView })
  @ApiErrors('not_found', 'payload_too_large')
  async restore(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) name: string,
    @Query() { user: owner }: OwnerQuery,
    @Body() { snapshot }: RestoreBody,
  ): Promise<SnapshotView> {
    return toSnapshotView(await this.projects.restore(user, { name, owner }, snapshot));
  }

  @Delete(':name')
  @Requires('build:create')
  @ApiOperation({
    summary: 'Delete a project',
    description: 'With its snapshots, builds and analyses.',
  })
  @ApiParam(NAME)
  @ApiOkResponse({ type: ProjectDeleted })
  @ApiErrors('not_found', 'conflict')
  async remove(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) name: string,
    @Query() { user: owner }: OwnerQuery,
  ): Promise<ProjectDeleted> {
    await this.projects.remove(user, { name, owner });
    return { message: 'Project deleted successfully' };
  }
}

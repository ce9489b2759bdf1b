import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, Requires } from '../auth/decorators.js';
import type { Principal } from '../auth/principal.js';
import { ApiErrors } from '../common/openapi/api-errors.decorator.js';
import { UuidParam } from '../common/validation/uuid-param.pipe.js';
import { Artifacts } from '../projects/artifacts/artifacts.js';
import { Download } from '../projects/artifacts/download.decorator.js';
import { FileList } from '../projects/projects.dto.js';
import { FilePathParam } from '../projects/projects.params.js';
import { BuildService } from './build-service.js';
import { ArchiveFormatQuery } from './dto/build.dto.js';

/** What a build made, downloadable whatever its end. */
@ApiTags('builds')
@ApiBearerAuth()
@ApiErrors('unauthorized', 'forbidden', 'not_found', 'validation_error', 'rate_limit_exceeded')
@Controller('api/build/:task_id')
export class BuildArtifactsController {
  constructor(
    private readonly builds: BuildService,
    private readonly artifacts: Artifacts,
  ) {}

  @Get('files')
  @Requires('build:read')
  @ApiOperation({ summary: 'List the files that a build made' })
  @ApiOkResponse({ type: FileList })
  async files(
    @CurrentUser() user: Principal,
    @Param('task_id', UuidParam) id: string,
  ): Promise<FileList> {
    return this.artifacts.files((await this.builds.sourceOf(user, id)).snapshotId);
  }

  @Get('files/*path')
  @Requires('build:read')
  @ApiOperation({ summary: 'Download one file of a build' })
  @ApiParam({ name: 'path', description: 'With its slashes as they are', example: 'app/main.py' })
  @Download('The file', 'text/plain', 'application/octet-stream')
  @ApiErrors('bad_request')
  async file(
    @CurrentUser() user: Principal,
    @Param('task_id', UuidParam) id: string,
    @Param('path', FilePathParam) path: string,
  ): Promise<StreamableFile> {
    return this.artifacts.file((await this.builds.sourceOf(user, id)).snapshotId, path);
  }

  @Get('archive')
  @Requires('build:read')
  @ApiOperation({
    summary: 'Download all files of a build',
    description: 'The same build always gives the same bytes.',
  })
  @Download('The archive', 'application/zip', 'application/gzip')
  async archive(
    @CurrentUser() user: Principal,
    @Param('task_id', UuidParam) id: string,
    @Query() { format }: ArchiveFormatQuery,
  ): Promise<StreamableFile> {
    const { build, snapshotId } = await this.builds.sourceOf(user, id);
    return this.artifacts.archive(snapshotId, build.projectName, format);
  }

  @Get('manifest')
  @Requires('build:read')
  @ApiOperation({
    summary: 'The SHA-256 of each file of a build',
    description: 'For `sha256sum -c`, in the folder with the files. Archives hold the same.',
  })
  @Download('The manifest', 'text/plain')
  async manifest(
    @CurrentUser() user: Principal,
    @Param('task_id', UuidParam) id: string,
  ): Promise<StreamableFile> {
    return this.artifacts.manifest((await this.builds.sourceOf(user, id)).snapshotId);
  }

  @Get('diff')
  @Requires('build:read')
  @ApiOperation({
    summary: 'What a build changed',
    description: "A unified diff against the project's source before the build.",
  })
  @ApiProduces('text/plain')
  @Download('The diff', 'text/plain')
  async diff(
    @CurrentUser() user: Principal,
    @Param('task_id', UuidParam) id: string,
  ): Promise<StreamableFile> {
    const { build, snapshotId } = await this.builds.sourceOf(user, id);
    return this.artifacts.diff(build.baseSnapshotId, snapshotId);
  }
}

import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Requires } from '../../auth/decorators.js';
import type { Principal } from '../../auth/principal.js';
import { ApiErrors } from '../../common/openapi/api-errors.decorator.js';
import { Artifacts } from './artifacts.js';
import { Download } from './download.decorator.js';
import { RepositoryBundle } from '../git/repository-bundle.js';
import { ArchiveQuery, DiffQuery, FileList, OwnerQuery, SnapshotQuery } from '../projects.dto.js';
import { FilePathParam, ProjectNameParam } from '../projects.params.js';
import { ProjectsService } from '../projects.service.js';

const NAME = { name: 'name', description: "The project's name", example: 'my-project' };

/** A project's source, to be had in several forms. */
@ApiTags('projects')
@ApiBearerAuth()
@ApiErrors('bad_request', 'unauthorized', 'forbidden', 'validation_error', 'rate_limit_exceeded')
@Controller('api/projects')
export class ProjectArtifactsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly artifacts: Artifacts,
    private readonly repositories: RepositoryBundle,
  ) {}

  @Get(':name/files')
  @Requires('build:read')
  @ApiOperation({ summary: 'List the files of a snapshot' })
  @ApiParam(NAME)
  @ApiOkResponse({ type: FileList })
  @ApiErrors('not_found')
  async files(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) name: string,
    @Query() { user: owner, snapshot }: SnapshotQuery,
  ): Promise<FileList> {
    const { id } = await this.projects.snapshot(user, { name, owner }, snapshot);
    return this.artifacts.files(id);
  }

  @Get(':name/files/*path')
  @Requires('build:read')
  @ApiOperation({ summary: 'Download one file of a snapshot' })
  @ApiParam(NAME)
  @ApiParam({ name: 'path', description: 'With its slashes as they are', example: 'src/main.py' })
  @Download('The file', 'text/plain', 'application/octet-stream')
  @ApiErrors('not_found')
  async file(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) name: string,
    @Param('path', FilePathParam) path: string,
    @Query() { user: owner, snapshot }: SnapshotQuery,
  ): Promise<StreamableFile> {
    const { id } = await this.projects.snapshot(user, { name, owner }, snapshot);
    return this.artifacts.file(id, path);
  }

  @Get(':name/archive')
  @Requires('build:read')
  @ApiOperation({
    summary: 'Download a snapshot',
    description: 'The same snapshot always gives the same bytes.',
  })
  @ApiParam(NAME)
  @Download('The archive', 'application/zip', 'application/gzip')
  @ApiErrors('not_found')
  async archive(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) name: string,
    @Query() { user: owner, snapshot, format }: ArchiveQuery,
  ): Promise<StreamableFile> {
    const { id } = await this.projects.snapshot(user, { name, owner }, snapshot);
    return this.artifacts.archive(id, name, format);
  }

  @Get(':name/manifest')
  @Requires('build:read')
  @ApiOperation({
    summary: 'The SHA-256 of each file of a snapshot',
    description: 'For `sha256sum -c`, in the folder with the files. Archives hold the same.',
  })
  @ApiParam(NAME)
  @Download('The manifest', 'text/plain')
  @ApiErrors('not_found')
  async manifest(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) name: string,
    @Query() { user: owner, snapshot }: SnapshotQuery,
  ): Promise<StreamableFile> {
    const { id } = await this.projects.snapshot(user, { name, owner }, snapshot);
    return this.artifacts.manifest(id);
  }

  @Get(':name/diff')
  @Requires('build:read')
  @ApiOperation({ summary: 'Compare two snapshots', description: "A unified diff in Git's form." })
  @ApiParam(NAME)
  @Download('The diff', 'text/plain')
  @ApiErrors('not_found')
  async diff(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) name: string,
    @Query() { user: owner, from, to }: DiffQuery,
  ): Promise<StreamableFile> {
    const after = await this.projects.snapshot(user, { name, owner }, to);
    const before =
      from === undefined
        ? after.parentId
        : (await this.projects.snapshot(user, { name, owner }, from)).id;
    return this.artifacts.diff(before, after.id);
  }

  @Get(':name/repository.bundle')
  @Requires('build:read')
  @ApiOperation({
    summary: "Download a project's line as a Git repository",
    description:
      'A snapshot a commit, on the branch main: `git clone NAME.bundle`. The same line always gives the same commits.',
  })
  @ApiParam(NAME)
  @Download('The bundle', 'application/octet-stream')
  @ApiErrors('not_found', 'payload_too_large')
  async repository(
    @CurrentUser() user: Principal,
    @Param('name', ProjectNameParam) name: string,
    @Query() { user: owner }: OwnerQuery,
  ): Promise<StreamableFile> {
    const { id } = await this.projects.snapshot(user, { name, owner }, undefined);
    return this.repositories.of(id, name);
  }
}

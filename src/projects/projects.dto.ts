import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsUUID, Matches } from 'class-validator';
import { MayBeAbsent } from '../common/validation/decorators.js';
import { PageQuery } from '../common/validation/page-query.dto.js';
import { ARCHIVE_FORMATS, type ArchiveFormat } from './artifacts/archive.js';
import type { Project } from './project.entity.js';
import type { Snapshot } from './snapshots/snapshot.entity.js';
import { TrendPointDto } from './trend.dto.js';
import type { TrendPoint } from './trend.js';

const SNAPSHOT_ID = '7b1c9a52-6f0e-4f0b-9a64-0d3f5a1c2e77';
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** Whose project it is; the caller's own if absent. */
function Owner(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      description: 'Whose project it is, for admins and viewers; your own if absent',
      example: 'alice',
    }),
    MayBeAbsent(),
    Matches(/^[A-Za-z0-9._-]{3,64}$/, { message: 'must be a username' }),
  );
}

export class ProjectListQuery extends PageQuery {
  @ApiPropertyOptional({
    description: "Somebody else's, for admins and viewers; `*`: everybody's",
    example: 'alice',
  })
  @MayBeAbsent()
  @Matches(/^(\*|[A-Za-z0-9._-]{3,64})$/, { message: 'must be a username or *' })
  user?: string;
}

export class OwnerQuery {
  @Owner()
  user?: string;
}

export class ProjectQuery extends PageQuery {
  @Owner()
  user?: string;
}

export class SnapshotQuery extends OwnerQuery {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'One of the project; its head if absent',
    example: SNAPSHOT_ID,
  })
  @MayBeAbsent()
  @IsUUID('all', { message: 'must be a UUID' })
  snapshot?: string;
}

export class ArchiveQuery extends SnapshotQuery {
  @ApiPropertyOptional({ enum: ARCHIVE_FORMATS, default: 'zip' })
  @IsIn(ARCHIVE_FORMATS, { message: `must be one of ${ARCHIVE_FORMATS.join(', ')}` })
  format: ArchiveFormat = 'zip';
}

export class DiffQuery extends OwnerQuery {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'One of the project; what `to` was made from if absent',
    example: SNAPSHOT_ID,
  })
  @MayBeAbsent()
  @IsUUID('all', { message: 'must be a UUID' })
  from?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'One of the project; its head if absent',
    example: SNAPSHOT_ID,
  })
  @MayBeAbsent()
  @IsUUID('all', { message: 'must be a UUID' })
  to?: string;
}

export class RestoreBody {
  @ApiProperty({ format: 'uuid', description: 'One of the project', example: SNAPSHOT_ID })
  @IsUUID('all', { message: 'must be a UUID' })
  snapshot!: string;
}

export class SnapshotView {
  @ApiProperty({ format: 'uuid', example: SNAPSHOT_ID })
  id!: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The snapshot it was made from; null: none',
    example: null,
  })
  parent!: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The build that made it; null: uploaded or restored',
    example: null,
  })
  task_id!: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The snapshot that was restored by it; null: none',
    example: null,
  })
  restored_from!: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description:
      "The snapshot with the engine's own text that these files rest on: the base when a build merges; its own id where nobody edited it; null: the engine had no part in it",
    example: SNAPSHOT_ID,
  })
  generated!: string | null;

  @ApiProperty({ example: 'alice' })
  author!: string;

  @ApiProperty({ format: 'date-time', example: '2026-02-03T10:30:00.000Z' })
  created_at!: string;

  @ApiProperty({ type: 'integer', example: 23 })
  file_count!: number;

  @ApiProperty({ type: 'integer', example: 48_213 })
  total_bytes!: number;
}

export class ProjectView {
  @ApiProperty({ example: 'my-project' })
  name!: string;

  @ApiProperty({ example: 'alice' })
  owner!: string;

  @ApiProperty({ format: 'date-time', example: '2026-02-03T10:30:00.000Z' })
  created_at!: string;

  @ApiProperty({
    type: SnapshotView,
    nullable: true,
    description: 'Its current source; null: none yet',
  })
  head!: SnapshotView | null;
}

export class ProjectPage {
  @ApiProperty({ type: 'integer', example: 1 })
  total!: number;

  @ApiProperty({ type: 'integer', example: 20 })
  limit!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  offset!: number;

  @ApiProperty({ type: [ProjectView], description: 'Newest first' })
  projects!: ProjectView[];
}

export class ProjectDetails extends ProjectView {
  @ApiProperty({ type: 'integer', description: 'Snapshots in all', example: 1 })
  total!: number;

  @ApiProperty({ type: 'integer', example: 20 })
  limit!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  offset!: number;

  @ApiProperty({
    type: [SnapshotView],
    description: 'One page of the head and what it was made from, newest first',
  })
  snapshots!: SnapshotView[];

  @ApiProperty({
    type: [TrendPointDto],
    description: 'Its newest completed analyses, oldest first; 20 at most',
  })
  trend!: TrendPoint[];
}

export class FileView {
  @ApiProperty({ example: 'src/main.py' })
  path!: string;

  @ApiProperty({ type: 'integer', description: 'In bytes', example: 1_204 })
  size!: number;

  @ApiProperty({ example: SHA256 })
  sha256!: string;
}

export class FileList {
  @ApiProperty({ format: 'uuid', example: SNAPSHOT_ID })
  snapshot!: string;

  @ApiProperty({ type: 'integer', example: 1 })
  total!: number;

  @ApiProperty({ type: [FileView], description: 'All of them, ordered by path' })
  files!: FileView[];
}

export class ProjectDeleted {
  @ApiProperty({ example: 'Project deleted successfully' })
  message!: string;
}

export function toSnapshotView(snapshot: Snapshot): SnapshotView {
  return {
    id: snapshot.id,
    parent: snapshot.parentId,
    task_id: snapshot.taskId,
    restored_from: snapshot.restoredFrom,
    generated: snapshot.generatedId,
    author: snapshot.author,
    created_at: snapshot.createdAt.toISOString(),
    file_count: snapshot.fileCount,
    total_bytes: snapshot.totalBytes,
  };
}

export function toProjectView(project: Project): ProjectView {
  return {
    name: project.name,
    owner: project.owner,
    created_at: project.createdAt.toISOString(),
    head: project.head ? toSnapshotView(project.head) : null,
  };
}

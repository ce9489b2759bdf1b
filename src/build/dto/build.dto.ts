import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsString, Length } from 'class-validator';
import {
  IsGoal,
  IsListOf,
  IsNested,
  IsProjectName,
  KeepUnknown,
  MayBeAbsent,
} from '../../common/validation/decorators.js';
import { ARCHIVE_FORMATS, type ArchiveFormat } from '../../projects/artifacts/archive.js';
import { TASK_STATUSES, type TaskStatus } from '../../tasks/task-status.js';
import { CAPABILITIES } from '../blueprints/capabilities.js';
import { QUEUE_POSITION } from '../../tasks/queue-position.dto.js';
import { SPEC_FEATURES } from '../blueprints/features.js';
import { DATABASES, MAX_RESOURCES } from '../blueprints/project-spec.js';
import { CanBeBuilt } from '../can-be-built.js';
import type { Build } from '../build.entity.js';
import { BuildLimitsDto } from './build-limits.dto.js';
import { ResourceDto } from './resource.dto.js';
import type { BuildResults } from '../build-results.js';

const MAX_FEATURES = 50;
const FRAMEWORKS = CAPABILITIES.map((framework) => framework.name);

/** Unknown keys are kept: a model may understand them, and `results.notes` names them. */
@KeepUnknown()
export class BuildParametersDto extends BuildLimitsDto {
  @ApiPropertyOptional({
    enum: FRAMEWORKS,
    example: 'fastapi',
    description: 'Absent: as the goal says, else fastapi',
  })
  @MayBeAbsent()
  @IsIn(FRAMEWORKS, { message: `must be one of ${FRAMEWORKS.join(', ')}` })
  framework?: string;

  @ApiPropertyOptional({
    enum: DATABASES,
    example: 'postgresql',
    description: 'Absent: as the goal says, else sqlite. none: everything in memory',
  })
  @MayBeAbsent()
  @IsIn(DATABASES, { message: `must be one of ${DATABASES.join(', ')}` })
  database?: string;

  @ApiPropertyOptional({
    example: true,
    description: 'Absent: true. false: types, lint and smoke start only; test counts are null',
  })
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  include_tests?: boolean;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: 64 },
    maxItems: MAX_FEATURES,
    example: ['auth', 'rate-limiting'],
    description: `Of ${SPEC_FEATURES.join(', ')}; other names for them are understood. Absent: as the goal says`,
  })
  @MayBeAbsent()
  @IsArray({ message: 'must be a list' })
  @ArrayMaxSize(MAX_FEATURES)
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  features?: string[];

  @ApiPropertyOptional({
    type: [ResourceDto],
    maxItems: MAX_RESOURCES,
    description: 'Kinds of things that the project stores. Absent: as the goal says',
  })
  @MayBeAbsent()
  @IsListOf(() => ResourceDto, MAX_RESOURCES)
  @CanBeBuilt()
  resources?: ResourceDto[];
}

export class CreateBuildDto {
  @ApiProperty({
    example: 'my-project',
    pattern: '^(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
    description: 'Unique among your projects',
  })
  @IsProjectName()
  project_name!: string;

  @ApiProperty({
    minLength: 1,
    maxLength: 10_000,
    example: 'Add authentication module with JWT support',
  })
  @IsGoal()
  goal!: string;

  @ApiPropertyOptional({
    type: BuildParametersDto,
    example: { framework: 'fastapi', database: 'postgresql', include_tests: true },
  })
  @MayBeAbsent()
  @IsNested(() => BuildParametersDto)
  parameters?: BuildParametersDto;
}

export class RetryBuildDto {
  @ApiPropertyOptional({
    type: BuildLimitsDto,
    example: { max_calls: 100 },
    description: "Other limits than the build's own; absent ones stay as they are",
  })
  @MayBeAbsent()
  @IsNested(() => BuildLimitsDto)
  parameters?: BuildLimitsDto;
}

export class ArchiveFormatQuery {
  @ApiPropertyOptional({ enum: ARCHIVE_FORMATS, default: 'zip' })
  @IsIn(ARCHIVE_FORMATS, { message: `must be one of ${ARCHIVE_FORMATS.join(', ')}` })
  format: ArchiveFormat = 'zip';
}

export class BuildAcceptedDto {
  @ApiProperty({ format: 'uuid', example: '550e8400-e29b-41d4-a716-446655440000' })
  task_id!: string;

  @ApiProperty({ enum: TASK_STATUSES, example: 'initializing' })
  status!: TaskStatus;

  @ApiProperty({ example: 'Build task created successfully' })
  message!: string;
}

export class BuildDto {
  @ApiProperty({ format: 'uuid', example: '550e8400-e29b-41d4-a716-446655440000' })
  task_id!: string;

  @ApiProperty({ example: 'my-project' })
  project_name!: string;

  @ApiProperty({ enum: TASK_STATUSES, example: 'running' })
  status!: TaskStatus;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, example: 45 })
  progress!: number;

  @ApiProperty(QUEUE_POSITION)
  queue_position!: number | null;

  @ApiProperty({ format: 'date-time', example: '2026-02-03T10:30:00.000Z' })
  created_at!: string;

  @ApiProperty({ example: 'alice' })
  created_by!: string;

  @ApiProperty({ example: 'Add authentication module' })
  goal!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  parameters!: object;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    example: null,
    description: 'The build whose work this one goes on with; null: none',
  })
  retry_of!: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    example: null,
    description: 'The build whose code this one only checks again; null: none',
  })
  verify_of!: string | null;

  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true, example: null })
  results!: BuildResults | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  error!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  started_at!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  finished_at!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: null,
    description: 'Milliseconds from the cancel until nothing of the build ran any more',
  })
  stopped_in_ms!: number | null;
}

export class BuildPageDto {
  @ApiProperty({ type: 'integer', example: 42 })
  total!: number;

  @ApiProperty({ type: 'integer', example: 20 })
  limit!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  offset!: number;

  @ApiProperty({ type: [BuildDto] })
  builds!: BuildDto[];
}

export class BuildLogDto {
  @ApiProperty({ example: 'tests', description: "The check's name" })
  name!: string;

  @ApiProperty({ example: '34 passed in 2.1s', description: 'Its raw output' })
  output!: string;
}

export function toBuildDto(build: Build): BuildDto {
  return {
    task_id: build.id,
    project_name: build.projectName,
    status: build.status,
    progress: build.progress,
    queue_position: build.queuePosition,
    created_at: build.createdAt.toISOString(),
    created_by: build.owner,
    goal: build.input.goal,
    parameters: build.input.parameters,
    retry_of: build.input.retryOf ?? null,
    verify_of: build.input.verifyOf ?? null,
    results: build.results,
    error: build.error,
    started_at: build.startedAt?.toISOString() ?? null,
    finished_at: build.finishedAt?.toISOString() ?? null,
    stopped_in_ms: build.stoppedInMs,
  };
}

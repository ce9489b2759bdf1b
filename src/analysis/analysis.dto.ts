import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsUUID, ValidateBy } from 'class-validator';
import { IsProjectName, MayBeAbsent, Verbatim } from '../common/validation/decorators.js';
import { QUEUE_POSITION } from '../tasks/queue-position.dto.js';
import { TASK_STATUSES, type TaskStatus } from '../tasks/task-status.js';
import type { AnalysisResults, EngineSummary, SecurityIssue } from './analysis-results.js';
import type { Analysis } from './analysis.entity.js';
import { CATEGORIES, SEVERITIES, type Category, type Finding } from './finding.js';
import type { ScoreBreakdown } from './score.js';

const ID = '550e8400-e29b-41d4-a716-446655440000';

export class CreateAnalysisDto {
  @ApiProperty({
    example: 'my-project',
    pattern: '^(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
  })
  @IsProjectName()
  project_name!: string;

  @ApiPropertyOptional({
    enum: CATEGORIES,
    isArray: true,
    example: ['quality', 'security', 'types'],
    description: 'Absent or empty: all of them. What is not asked for is null',
  })
  @MayBeAbsent()
  @IsArray({ message: 'must be a list' })
  @ArrayMaxSize(20)
  @IsIn(CATEGORIES, { each: true, message: `must be of ${CATEGORIES.join(', ')}` })
  analysis_types?: Category[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Path to text: analysed in place of what is stored, and not stored as a snapshot',
  })
  @MayBeAbsent()
  @IsTextByPath()
  @Verbatim()
  files?: Record<string, string>;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'A build of the project: what it made is analysed, whatever its end',
  })
  @MayBeAbsent()
  @IsUUID('all', { message: 'must be a UUID' })
  build_id?: string;
}

/** `null` where not known yet, not asked for, or not to be found out. */
function Unknown(schema: Record<string, unknown>): PropertyDecorator {
  return applyDecorators(ApiProperty({ nullable: true, ...schema }));
}

export class AnalysisDto {
  @ApiProperty({ format: 'uuid', example: ID })
  analysis_id!: string;

  @ApiProperty({ example: 'my-project' })
  project_name!: string;

  @ApiProperty({ format: 'date-time', example: '2026-02-03T10:30:00.000Z' })
  timestamp!: string;

  @ApiProperty({ example: 'alice' })
  performed_by!: string;

  @ApiProperty({ enum: TASK_STATUSES, example: 'completed' })
  status!: TaskStatus;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, example: 100 })
  progress!: number;

  @ApiProperty(QUEUE_POSITION)
  queue_position!: number | null;

  @ApiProperty({ enum: CATEGORIES, isArray: true, example: CATEGORIES })
  analysis_types!: Category[];

  @Unknown({ type: Number, minimum: 0, maximum: 10, example: 8.5 })
  quality_score!: number | null;

  @Unknown({ type: 'object', additionalProperties: true, description: 'How the score came about' })
  score_breakdown!: ScoreBreakdown | null;

  @ApiProperty({
    type: 'array',
    description: 'Of at least medium confidence, outside tests; the worst first, 1,000 at most',
    items: {
      type: 'object',
      properties: {
        issue: { type: 'string' },
        severity: { type: 'string', enum: [...SEVERITIES] },
        line: { type: 'integer' },
        recommendation: { type: 'string' },
        file: { type: 'string' },
        column: { type: 'integer' },
        end_line: { type: 'integer' },
        rule_id: { type: 'string' },
        engine: { type: 'string' },
        confidence: { type: 'string' },
        cwe: { type: 'string', nullable: true },
      },
    },
    example: [
      {
        issue: 'SQL Injection',
        severity: 'high',
        line: 42,
        recommendation: 'Use parameterized queries',
        file: 'app/main.py',
        column: 5,
        end_line: 42,
        rule_id: 'S608',
        engine: 'ruff',
        confidence: 'medium',
        cwe: 'CWE-89',
      },
    ],
  })
  security_issues!: SecurityIssue[];

  @Unknown({ type: 'integer', example: 1 })
  security_issues_total!: number | null;

  @Unknown({ type: 'integer', example: 5 })
  code_smells!: number | null;

  @Unknown({ type: 'integer', example: 0 })
  type_errors!: number | null;

  @Unknown({ type: Number, example: 87.5, description: 'As the build of this source measured it' })
  coverage_percent!: number | null;

  @ApiProperty({ type: [String], example: ['Remove unused imports (F401: app/main.py:3)'] })
  recommendations!: string[];

  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    description: 'Every finding of every category; the worst first, 1,000 at most',
  })
  issues!: Finding[];

  @Unknown({ type: 'integer', example: 6 })
  issues_total!: number | null;

  @ApiProperty({ type: 'array', items: { type: 'object' }, description: 'How each engine fared' })
  engines!: EngineSummary[];

  @ApiProperty({ type: [String], description: 'What was not analysed, and why' })
  notes!: string[];

  @Unknown({ type: String, format: 'uuid', description: 'What was analysed; null: sent files' })
  snapshot!: string | null;

  @Unknown({ type: String, example: null })
  error!: string | null;

  @Unknown({ type: String, format: 'date-time' })
  started_at!: string | null;

  @Unknown({ type: String, format: 'date-time' })
  finished_at!: string | null;

  @Unknown({ type: 'integer', description: 'Milliseconds from the cancel until nothing ran' })
  stopped_in_ms!: number | null;
}

export class AnalysisSummaryDto extends OmitType(AnalysisDto, ['issues'] as const) {}

export class AnalysisPageDto {
  @ApiProperty({ type: 'integer', example: 42 })
  total!: number;

  @ApiProperty({ type: 'integer', example: 20 })
  limit!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  offset!: number;

  @ApiProperty({ type: [AnalysisSummaryDto] })
  analyses!: AnalysisSummaryDto[];
}

export function toAnalysisDto(analysis: Analysis): AnalysisDto {
  return { ...toSummaryDto(analysis), issues: analysis.results?.issues ?? [] };
}

export function toSummaryDto(analysis: Analysis): AnalysisSummaryDto {
  const results: Partial<AnalysisResults> = analysis.results ?? {};
  return {
    analysis_id: analysis.id,
    project_name: analysis.projectName,
    timestamp: analysis.createdAt.toISOString(),
    performed_by: analysis.owner,
    status: analysis.status,
    progress: analysis.progress,
    queue_position: analysis.queuePosition,
    analysis_types: analysis.input.analysis_types,
    quality_score: results.quality_score ?? null,
    score_breakdown: results.score_breakdown ?? null,
    security_issues: results.security_issues ?? [],
    security_issues_total: results.security_issues_total ?? null,
    code_smells: results.code_smells ?? null,
    type_errors: results.type_errors ?? null,
    coverage_percent: results.coverage_percent ?? null,
    recommendations: results.recommendations ?? [],
    issues_total: results.issues_total ?? null,
    engines: results.engines ?? [],
    notes: results.notes ?? [],
    snapshot: analysis.input.snapshot_id,
    error: analysis.error,
    started_at: analysis.startedAt?.toISOString() ?? null,
    finished_at: analysis.finishedAt?.toISOString() ?? null,
    stopped_in_ms: analysis.stoppedInMs,
  };
}

function IsTextByPath(): PropertyDecorator {
  return ValidateBy({
    name: 'isObject',
    validator: {
      validate: (value) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every((text) => typeof text === 'string'),
      defaultMessage: () => 'must be an object of path to text',
    },
  });
}

import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsUUID, ValidateBy } from 'class-validator';
import { IsProjectName, MayBeAbsent, Verbatim } from '../common/validation/decorators.js';
import { QUEUE_POSITION } from '../tasks/queue-position.dto.js';
import { TASK_STATUSES, type TaskStatus } from '../tasks/task-status.js';
import type { AnalysisResults, Coverage, Metrics } from './analysis-results.js';
import type { Analysis } from './analysis.entity.js';
import type { Baseline } from './verdict/baseline.js';
import type { EngineSummary } from './engines/engine-runs.js';
import { CATEGORIES, type Category } from './findings/finding.js';
import { FindingDto } from './findings/finding.dto.js';
import type { StoredFinding } from './findings/findings-store.js';
import type { ConditionOutcome } from './verdict/quality-gate.js';
import type { ScoreBreakdown } from './verdict/score.js';

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
  @IsIn(CATEGORIES, { each: true, message: `each must be one of ${CATEGORIES.join(', ')}` })
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

/** An object without a schema of its own: its description tells. */
function UnknownObject(description: string): PropertyDecorator {
  return Unknown({ type: 'object', additionalProperties: true, description });
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

  @ApiProperty({
    enum: CATEGORIES,
    isArray: true,
    example: [],
    description:
      'Of these some code could not be looked at, see `engines` and `notes`: their counts are the least that there is',
  })
  incomplete_types!: Category[];

  @Unknown({ type: Number, minimum: 0, maximum: 10, example: 8.5 })
  quality_score!: number | null;

  @UnknownObject('How the score came about, with the version of its formula')
  score_breakdown!: ScoreBreakdown | null;

  @ApiProperty({
    type: [FindingDto],
    description:
      'Open, of at least medium confidence, outside tests; the worst first, 5,000 at most',
  })
  security_issues!: StoredFinding[];

  @Unknown({ type: 'integer', example: 1 })
  security_issues_total!: number | null;

  @UnknownObject('`security_issues_total` by severity')
  security_issues_by_severity!: Record<string, number> | null;

  @Unknown({ type: 'integer', example: 5, description: 'Open maintainability findings' })
  code_smells!: number | null;

  @Unknown({ type: 'integer', example: 1, description: 'Open reliability findings of quality' })
  defects!: number | null;

  @Unknown({ type: 'integer', example: 0 })
  type_errors!: number | null;

  @Unknown({
    type: Number,
    example: 87.5,
    description: 'As the build of this source measured it, or a coverage report in it says',
  })
  coverage_percent!: number | null;

  @UnknownObject('Where `coverage_percent` comes from: `build`, or the format and path of a report')
  coverage!: Coverage | null;

  @ApiProperty({ type: [String], example: ['Remove unused imports (F401: app/main.py:3)'] })
  recommendations!: string[];

  @ApiProperty({
    type: [FindingDto],
    description:
      'The findings of every category, without those of security that are unsure or in tests; the worst first, ' +
      '100 at most: `GET /api/analysis/{analysis_id}/issues` has all',
  })
  issues!: StoredFinding[];

  @Unknown({ type: 'integer', example: 6 })
  issues_total!: number | null;

  @Unknown({
    type: 'integer',
    example: 9,
    description: 'Also what is unsure, in tests, suppressed or decided about',
  })
  findings_total!: number | null;

  @ApiProperty({
    type: [FindingDto],
    description:
      'Silenced by a comment in the source, or decided about by people, with the reason; 100 at most',
  })
  suppressed!: StoredFinding[];

  @Unknown({ type: 'integer', example: 2 })
  suppressed_total!: number | null;

  @UnknownObject('Files, lines and languages that were looked at, and duplicated lines')
  metrics!: Metrics | null;

  @UnknownObject("Against the project's analysis before: new, unchanged and fixed findings")
  baseline!: Baseline | null;

  @Unknown({
    type: String,
    enum: ['passed', 'failed', null],
    description: "Whether the project's thresholds hold; null: it has none, or nothing is known",
  })
  gate!: 'passed' | 'failed' | null;

  @ApiProperty({ type: 'array', items: { type: 'object' }, description: 'Each threshold' })
  gate_conditions!: ConditionOutcome[];

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

export class AnalysisSummaryDto extends OmitType(AnalysisDto, [
  'security_issues',
  'issues',
  'suppressed',
] as const) {}

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

/** The lists of an analysis that are rows of their own. */
export type AnalysisFindings = Pick<AnalysisDto, 'security_issues' | 'issues' | 'suppressed'>;

export function toAnalysisDto(analysis: Analysis, findings: AnalysisFindings): AnalysisDto {
  return { ...toSummaryDto(analysis), ...findings };
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
    incomplete_types: results.incomplete_types ?? [],
    quality_score: results.quality_score ?? null,
    score_breakdown: results.score_breakdown ?? null,
    security_issues_total: results.security_issues_total ?? null,
    security_issues_by_severity: results.security_issues_by_severity ?? null,
    code_smells: results.code_smells ?? null,
    defects: results.defects ?? null,
    type_errors: results.type_errors ?? null,
    coverage_percent: results.coverage_percent ?? null,
    coverage: results.coverage ?? null,
    recommendations: results.recommendations ?? [],
    issues_total: results.issues_total ?? null,
    findings_total: results.findings_total ?? null,
    suppressed_total: results.suppressed_total ?? null,
    metrics: results.metrics ?? null,
    baseline: results.baseline ?? null,
    gate: results.gate ?? null,
    gate_conditions: results.gate_conditions ?? [],
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

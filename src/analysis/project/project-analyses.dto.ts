import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsNumber, Max, Min, ValidateIf } from 'class-validator';
import { HasCodePoints, IsQueryInteger, MayBeAbsent } from '../../common/validation/decorators.js';
import { OwnerQuery } from '../../projects/projects.dto.js';
import { FINDING_STATUSES, type FindingStatus } from '../findings/finding.js';
import type { MadeDecision } from './project-policies.js';
import type { GateConditions } from '../verdict/quality-gate.js';
import { TrendPointDto } from '../../projects/trend.dto.js';
import type { TrendPoint } from '../../projects/trend.js';

export class DecisionBody {
  @ApiProperty({ enum: FINDING_STATUSES, example: 'false_positive' })
  @IsIn(FINDING_STATUSES, { message: `must be one of ${FINDING_STATUSES.join(', ')}` })
  status!: FindingStatus;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 2_000,
    example: 'The value is one of three constants',
  })
  @MayBeAbsent()
  @ValidateIf((_, value) => value !== null)
  @HasCodePoints(0, 2_000)
  comment?: string | null;
}

export class DecisionDto {
  @ApiProperty({ example: '9f86d081884c7d659a2feaa0c55ad015' })
  fingerprint!: string;

  @ApiProperty({ enum: FINDING_STATUSES, example: 'false_positive' })
  status!: FindingStatus;

  @ApiProperty({ type: String, nullable: true })
  comment!: string | null;

  @ApiProperty({ example: 'alice' })
  marked_by!: string;

  @ApiProperty({ format: 'date-time', example: '2026-02-03T10:30:00.000Z' })
  marked_at!: string;
}

export function toDecisionDto(made: MadeDecision): DecisionDto {
  const { fingerprint, status, comment, markedBy, markedAt } = made;
  return {
    fingerprint,
    status,
    comment,
    marked_by: markedBy,
    marked_at: markedAt.toISOString(),
  };
}

/** A share in percent, or a score. */
function Threshold(max: number, description: string): PropertyDecorator {
  return (target, key) => {
    ApiPropertyOptional({ type: Number, minimum: 0, maximum: max, description })(target, key);
    MayBeAbsent()(target, key);
    IsNumber({}, { message: 'must be a number' })(target, key);
    Min(0, { message: 'must be 0 or more' })(target, key);
    Max(max, { message: `must be ${max} or less` })(target, key);
  };
}

function CountThreshold(description: string): PropertyDecorator {
  return (target, key) => {
    ApiPropertyOptional({ type: 'integer', minimum: 0, description })(target, key);
    MayBeAbsent()(target, key);
    IsInt({ message: 'must be a whole number' })(target, key);
    Min(0, { message: 'must be 0 or more' })(target, key);
  };
}

/** What an analysis must reach; what is left out is not asked for. */
export class GateDto implements GateConditions {
  @Threshold(10, 'The least `quality_score`')
  min_score?: number;

  @Threshold(100, 'The least `coverage_percent`')
  min_coverage?: number;

  @Threshold(100, 'The most duplicated lines, in percent')
  max_duplicated?: number;

  @CountThreshold('High and critical security issues that the analysis before did not have')
  max_new_high?: number;

  @CountThreshold('High and critical security issues')
  max_high?: number;

  @CountThreshold('Type errors')
  max_type_errors?: number;
}

export class TrendQuery extends OwnerQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  @IsQueryInteger(1, 200)
  limit: number = 50;
}

export class TrendDto {
  @ApiProperty({ example: 'my-project' })
  project_name!: string;

  @ApiProperty({ type: [TrendPointDto], description: 'The newest ones, oldest first' })
  analyses!: TrendPoint[];
}

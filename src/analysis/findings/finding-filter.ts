import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsString, Length, Matches } from 'class-validator';
import { MayBeAbsent } from '../../common/validation/decorators.js';
import { PageQuery } from '../../common/validation/page-query.dto.js';
import {
  CATEGORIES,
  CONFIDENCES,
  FINDING_STATUSES,
  SEVERITIES,
  type Category,
  type Confidence,
  type FindingStatus,
  type Severity,
} from './finding.js';

const BASELINES = ['new', 'unchanged'] as const;

/** Which findings of an analysis are wanted; what is given must all hold. */
export class FindingFilter extends PageQuery {
  @ApiPropertyOptional({ enum: CATEGORIES })
  @MayBeAbsent()
  @IsIn(CATEGORIES, { message: `must be one of ${CATEGORIES.join(', ')}` })
  category?: Category;

  @ApiPropertyOptional({ enum: SEVERITIES })
  @MayBeAbsent()
  @IsIn(SEVERITIES, { message: `must be one of ${SEVERITIES.join(', ')}` })
  severity?: Severity;

  @ApiPropertyOptional({ enum: CONFIDENCES })
  @MayBeAbsent()
  @IsIn(CONFIDENCES, { message: `must be one of ${CONFIDENCES.join(', ')}` })
  confidence?: Confidence;

  @ApiPropertyOptional({
    enum: FINDING_STATUSES,
    description: 'As it is now. What was decided about before the analysis needs `all=true`, too',
  })
  @MayBeAbsent()
  @IsIn(FINDING_STATUSES, { message: `must be one of ${FINDING_STATUSES.join(', ')}` })
  status?: FindingStatus;

  @ApiPropertyOptional({ enum: BASELINES, description: 'Against the analysis before' })
  @MayBeAbsent()
  @IsIn(BASELINES, { message: `must be one of ${BASELINES.join(', ')}` })
  baseline?: (typeof BASELINES)[number];

  @ApiPropertyOptional({ example: 'sql-injection' })
  @MayBeAbsent()
  @IsString()
  @Length(1, 200)
  rule_id?: string;

  @ApiPropertyOptional({ example: 'dataflow' })
  @MayBeAbsent()
  @IsString()
  @Length(1, 50)
  engine?: string;

  @ApiPropertyOptional({ example: 'CWE-89' })
  @MayBeAbsent()
  @Matches(/^CWE-\d{1,5}$/, { message: 'must look like CWE-89' })
  cwe?: string;

  @ApiPropertyOptional({ example: 'app', description: 'A file, or a folder with all in it' })
  @MayBeAbsent()
  @IsString()
  @Length(1, 1024)
  file?: string;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description:
      'Also what is unsure (security of low confidence), security in tests, and what is suppressed or decided about',
  })
  @Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  )
  @IsBoolean({ message: 'must be true or false' })
  all = false;
}

import { ApiProperty } from '@nestjs/swagger';
import {
  CATEGORIES,
  CONFIDENCES,
  FINDING_STATUSES,
  IMPACTS,
  SEVERITIES,
  type Category,
  type Confidence,
  type FindingStatus,
  type Impact,
  type Severity,
  type Suppression,
  type TraceStep,
} from './finding.js';
import type { StoredFinding } from './findings-store.js';

/** A finding as the OpenAPI document describes it. */
export class FindingDto implements StoredFinding {
  @ApiProperty({ example: 'SQL statement built from a dynamic value' })
  issue!: string;

  @ApiProperty({ enum: SEVERITIES, example: 'high' })
  severity!: Severity;

  @ApiProperty({ type: 'integer', minimum: 1, example: 42 })
  line!: number;

  @ApiProperty({ example: 'Use parameterized queries' })
  recommendation!: string;

  @ApiProperty({ example: 'app/main.py' })
  file!: string;

  @ApiProperty({ type: 'integer', minimum: 1, example: 5 })
  column!: number;

  @ApiProperty({ type: 'integer', minimum: 1, example: 42 })
  end_line!: number;

  @ApiProperty({ enum: CATEGORIES, example: 'security' })
  category!: Category;

  @ApiProperty({ enum: IMPACTS, example: 'security' })
  impact!: Impact;

  @ApiProperty({ example: 'sql-injection' })
  rule_id!: string;

  @ApiProperty({ example: 'dataflow' })
  engine!: string;

  @ApiProperty({ example: "A dynamic value becomes part of an SQL statement's text" })
  message!: string;

  @ApiProperty({ enum: CONFIDENCES, example: 'high' })
  confidence!: Confidence;

  @ApiProperty({ type: String, nullable: true, example: 'CWE-89' })
  cwe!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'A03:2021 Injection' })
  owasp!: string | null;

  @ApiProperty({
    type: 'array',
    description: 'From source to sink, step by step; of a duplicate, its other places',
    items: {
      type: 'object',
      properties: {
        file: { type: 'string' },
        line: { type: 'integer' },
        column: { type: 'integer' },
        text: { type: 'string' },
      },
    },
    example: [{ file: 'app/main.py', line: 40, column: 12, text: "request.args['q']" }],
  })
  trace!: TraceStep[];

  @ApiProperty({ type: 'integer', description: 'Estimated, to mend it', example: 30 })
  effort_minutes!: number;

  @ApiProperty({
    description: 'The same for the same flaw in every analysis, also after its lines moved',
    example: '9f86d081884c7d659a2feaa0c55ad015',
  })
  fingerprint!: string;

  @ApiProperty({ description: 'In code that tests, not in what is shipped', example: false })
  in_tests!: boolean;

  @ApiProperty({ enum: FINDING_STATUSES, example: 'open' })
  status!: FindingStatus;

  @ApiProperty({ type: String, nullable: true, description: 'Why it has that status' })
  comment!: string | null;

  @ApiProperty({
    type: 'object',
    nullable: true,
    description: 'The comment in the source that asks for silence',
    properties: {
      marker: { type: 'string', example: 'noqa' },
      line: { type: 'integer' },
      reason: { type: 'string', nullable: true },
    },
    additionalProperties: false,
  })
  suppression!: Suppression | null;

  @ApiProperty({
    type: String,
    enum: ['new', 'unchanged', null],
    nullable: true,
    description: 'Against the analysis before; null: there is none to compare with',
  })
  baseline!: 'new' | 'unchanged' | null;
}

export class FindingPageDto {
  @ApiProperty({ format: 'uuid' })
  analysis_id!: string;

  @ApiProperty({ type: 'integer', example: 42 })
  total!: number;

  @ApiProperty({ type: 'integer', example: 20 })
  limit!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  offset!: number;

  @ApiProperty({ type: [FindingDto] })
  issues!: StoredFinding[];
}

import { ApiProperty } from '@nestjs/swagger';
import type { TrendPoint } from './trend.js';

export class TrendPointDto implements TrendPoint {
  @ApiProperty({ format: 'uuid' })
  analysis_id!: string;

  @ApiProperty({ format: 'date-time', example: '2026-02-03T10:30:00.000Z' })
  timestamp!: string;

  @ApiProperty({ format: 'uuid' })
  snapshot!: string;

  @ApiProperty({ type: Number, nullable: true, example: 8.5 })
  quality_score!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 1 })
  security_issues!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 6 })
  issues!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 5 })
  code_smells!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 0 })
  type_errors!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 87.5 })
  coverage_percent!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 1.2 })
  duplicated_percent!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 1234 })
  lines!: number | null;

  @ApiProperty({ type: String, enum: ['passed', 'failed', null], nullable: true })
  gate!: 'passed' | 'failed' | null;
}

import { ApiProperty } from '@nestjs/swagger';

export class UsageSumsBody {
  @ApiProperty({ type: 'integer', description: 'Builds that ran and have ended', example: 12 })
  builds!: number;

  @ApiProperty({ type: 'integer', description: 'Answers of a language model', example: 140 })
  calls!: number;

  @ApiProperty({ type: 'integer', example: 812_000 })
  input_tokens!: number;

  @ApiProperty({ type: 'integer', example: 64_000 })
  output_tokens!: number;

  @ApiProperty({
    type: 'integer',
    description: "Of `input_tokens`: those in the provider's cache",
    example: 501_000,
  })
  cached_tokens!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Of the builds whose prices were known; null: none',
    example: 2.264,
  })
  cost_usd!: number | null;

  @ApiProperty({ description: 'For some answers the provider gave no numbers', example: false })
  estimated!: boolean;
}

export class UsageBody {
  @ApiProperty({ type: UsageSumsBody, description: 'Also of projects that are deleted' })
  all_time!: UsageSumsBody;

  @ApiProperty({ type: UsageSumsBody, description: 'Of builds that began in the last 30 days' })
  last_30_days!: UsageSumsBody;
}

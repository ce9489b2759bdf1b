import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsNumber, Min } from 'class-validator';
import { MayBeAbsent } from '../../common/validation/decorators.js';

/** What a build with a language model may use: parameters that only lower the server's settings. */
export class BuildLimitsDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    example: 50,
    description: "With a model: its answers at most. Only lowers the server's LLM_MAX_CALLS",
  })
  @MayBeAbsent()
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  max_calls?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    example: 500_000,
    description: "With a model: tokens in and out. Only lowers the server's LLM_MAX_TOKENS",
  })
  @MayBeAbsent()
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  max_tokens?: number;

  @ApiPropertyOptional({
    minimum: 0,
    example: 0.5,
    description:
      "With a model: its cost in dollars, where the server knows prices. Only lowers the server's LLM_MAX_COST_USD",
  })
  @MayBeAbsent()
  @IsNumber({}, { message: 'must be a number' })
  @Min(0)
  max_cost_usd?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    example: 300,
    description:
      "With a model: seconds it may work. Only lowers the server's BUILD_TIMEOUT_SECONDS",
  })
  @MayBeAbsent()
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  max_seconds?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    example: 3,
    description:
      "With a model: repairs after failed checks. Only lowers the server's LLM_MAX_ATTEMPTS",
  })
  @MayBeAbsent()
  @IsInt({ message: 'must be a whole number' })
  @Min(0)
  max_attempts?: number;
}

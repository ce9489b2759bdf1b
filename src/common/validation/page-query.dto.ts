import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsQueryInteger } from './decorators.js';

/** One page of a list. Lists with filters extend it. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 20 })
  @IsQueryInteger(1, 100)
  limit: number = 20;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, default: 0 })
  @IsQueryInteger(0)
  offset: number = 0;
}

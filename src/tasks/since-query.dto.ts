import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsQueryInteger } from '../common/validation/decorators.js';

export class SinceQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'Only events with a higher seq',
  })
  @IsQueryInteger(0, 2_147_483_647)
  since: number = 0;
}

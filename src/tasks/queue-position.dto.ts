import type { ApiPropertyOptions } from '@nestjs/swagger';
import { MAX_POSITION } from './task-turns.js';

/** `queue_position` of whatever task. */
export const QUEUE_POSITION = {
  type: 'integer',
  minimum: 0,
  maximum: MAX_POSITION,
  nullable: true,
  example: null,
  description: `Tasks that start before it as things stand, ${MAX_POSITION} for more; null: it does not wait`,
} satisfies ApiPropertyOptions;

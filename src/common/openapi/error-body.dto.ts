import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ERROR_STATUS, type ErrorCode } from '../api-error.js';

export class FieldErrorBody {
  @ApiProperty({ description: 'Path of the field', example: 'resources[0].name' })
  field!: string;

  @ApiProperty({ example: 'must be a string' })
  message!: string;
}

/** What every error answers. */
export class ErrorBody {
  @ApiProperty({ enum: Object.keys(ERROR_STATUS), example: 'not_found' })
  error!: ErrorCode;

  @ApiProperty({ example: 'Build task not found' })
  detail!: string;

  @ApiProperty({ type: 'integer', example: 404 })
  status_code!: number;

  @ApiProperty({ format: 'date-time', example: '2026-02-03T10:30:00Z' })
  timestamp!: string;

  @ApiPropertyOptional({ type: [FieldErrorBody], description: 'With validation_error only' })
  errors?: FieldErrorBody[];
}

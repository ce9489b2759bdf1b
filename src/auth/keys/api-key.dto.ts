import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayUnique, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { HasCodePoints, MayBeAbsent } from '../../common/validation/decorators.js';
import { PERMISSIONS, type Permission } from '../principal.js';
import type { ApiKey } from './api-key.entity.js';

const DAYS = 'must be a whole number from 1 to 3650';

export class CreateApiKeyDto {
  @ApiProperty({ minLength: 1, maxLength: 100, example: 'github-actions' })
  @HasCodePoints(1, 100)
  name!: string;

  @ApiPropertyOptional({
    enum: PERMISSIONS,
    isArray: true,
    example: ['build:create', 'build:read'],
    description: 'A part of your own; left out: all of them',
  })
  @MayBeAbsent()
  @ArrayUnique({ message: 'must be a list without repetitions' })
  @IsIn(PERMISSIONS, { each: true, message: `must be a list of ${PERMISSIONS.join(', ')}` })
  permissions?: Permission[];

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: 3650,
    example: 90,
    description: 'Left out or null: without an end',
  })
  @IsOptional()
  @IsInt({ message: DAYS })
  @Min(1, { message: DAYS })
  @Max(3650, { message: DAYS })
  expires_in_days?: number | null;
}

export class ApiKeyBody {
  @ApiProperty({ format: 'uuid', example: '550e8400-e29b-41d4-a716-446655440000' })
  id!: string;

  @ApiProperty({ example: 'github-actions' })
  name!: string;

  @ApiProperty({ enum: PERMISSIONS, isArray: true, example: ['build:create', 'build:read'] })
  permissions!: Permission[];

  @ApiProperty({ format: 'date-time', example: '2026-02-03T10:30:00.000Z' })
  created_at!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  expires_at!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  last_used_at!: string | null;
}

export class CreatedApiKeyBody extends ApiKeyBody {
  @ApiProperty({
    description: 'Use it as a bearer token; it is shown this once',
    example: 'gsk_Zk3mE0rS1xqkq1pJq4mJvYw2b7hT8cN5dF6gH7jK8lM',
  })
  key!: string;
}

export class ApiKeyList {
  @ApiProperty({ type: [ApiKeyBody] })
  keys!: ApiKeyBody[];
}

export function toApiKeyBody(key: ApiKey): ApiKeyBody {
  return {
    id: key.id,
    name: key.name,
    permissions: key.permissions,
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  };
}

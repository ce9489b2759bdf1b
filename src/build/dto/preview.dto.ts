import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FIELD_TYPES, DATABASES } from '../blueprints/project-spec.js';

const INCLUSIONS = ['optional', 'always', 'implied'];
const STATES = ['ready', 'preparing', 'unavailable'];

export class PreviewFileDto {
  @ApiProperty({ example: 'app/main.py' })
  path!: string;

  @ApiProperty({ type: 'integer', example: 1234, description: 'In bytes' })
  size!: number;
}

export class PreviewDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What the goal was understood as, as `results.specification` of a build has it',
  })
  specification!: object;

  @ApiProperty({ type: [PreviewFileDto], description: 'Sorted by path' })
  files!: PreviewFileDto[];

  @ApiProperty({
    type: [String],
    example: ["Not understood: 'send invoices by pigeon'"],
    description: 'What was not understood, word for word, and what was decided without being asked',
  })
  notes!: string[];
}

export class FeatureDto {
  @ApiProperty({ example: 'auth' })
  name!: string;

  @ApiProperty({ example: 'accounts with roles, JWT access and refresh tokens' })
  summary!: string;

  @ApiProperty({
    enum: INCLUSIONS,
    example: 'optional',
    description: 'implied: by resources, or by a database',
  })
  inclusion!: string;
}

export class FrameworkDto {
  @ApiProperty({ example: 'fastapi' })
  name!: string;

  @ApiProperty({ enum: DATABASES, isArray: true, description: 'The first is the default' })
  databases!: string[];

  @ApiProperty({ type: [FeatureDto] })
  features!: FeatureDto[];
}

export class ToolchainStateDto {
  @ApiProperty({ enum: STATES, example: 'ready' })
  status!: string;

  @ApiPropertyOptional({ example: '3.12.4' })
  version?: string;

  @ApiPropertyOptional({ description: 'Why it is not ready, and the remedy' })
  reason?: string;
}

export class CapabilitiesDto {
  @ApiProperty({ example: 'blueprints', description: 'blueprints, or provider:model' })
  engine!: string;

  @ApiProperty({ type: [FrameworkDto] })
  frameworks!: FrameworkDto[];

  @ApiProperty({ enum: DATABASES, isArray: true })
  databases!: string[];

  @ApiProperty({ enum: FIELD_TYPES, isArray: true })
  field_types!: string[];

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/ToolchainStateDto' },
    description: 'Of the process that answers; one that runs no builds has none',
  })
  toolchains!: Record<string, ToolchainStateDto>;
}

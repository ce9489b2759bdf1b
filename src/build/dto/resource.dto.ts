import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsNumber,
  IsString,
  Matches,
  MaxLength,
  ValidateBy,
} from 'class-validator';
import { IsListOf, MayBeAbsent } from '../../common/validation/decorators.js';
import { FIELD_TYPES, MAX_FIELDS } from '../blueprints/project-spec.js';

const READABLE_BY = ['owner', 'everyone'];
const DELETABLE_BY = ['owner', 'admin'];
const NAME = /^[A-Za-z][A-Za-z0-9_ -]{0,63}$/;
/** The same for the API's description. */
const NAME_SCHEMA = { type: 'string', pattern: NAME.source } as const;
const MAX_PARENTS = 20;
const MAX_VALUES = 100;
const NAME_RULE = {
  message: 'must be 1 to 64 of A-Z a-z 0-9 _ - and spaces, and begin with a letter',
};

/** One field of a resource. */
export class FieldDto {
  @ApiProperty({ ...NAME_SCHEMA, example: 'title' })
  @Matches(NAME, NAME_RULE)
  name!: string;

  @ApiProperty({ enum: FIELD_TYPES, example: 'string' })
  @IsIn(FIELD_TYPES, { message: `must be one of ${FIELD_TYPES.join(', ')}` })
  type!: string;

  @ApiPropertyOptional({
    example: true,
    description: 'Absent: false. A field neither required nor with a default may be null',
  })
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  required?: boolean;

  @ApiPropertyOptional({ example: false, description: 'Absent: false' })
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  unique?: boolean;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
    description: 'Taken where a caller gives nothing; fits type, bounds and values',
  })
  @MayBeAbsent()
  @ValidateBy({
    name: 'isPlainValue',
    validator: {
      validate: (value) => ['string', 'number', 'boolean'].includes(typeof value),
      defaultMessage: () => 'must be a text, a number, true or false',
    },
  })
  default?: string | number | boolean;

  @ApiPropertyOptional({ description: 'Least value, or least length of a text', example: 1 })
  @MayBeAbsent()
  @IsNumber({}, { message: 'must be a number' })
  min?: number;

  @ApiPropertyOptional({
    description: 'Greatest value, or greatest length of a text',
    example: 200,
  })
  @MayBeAbsent()
  @IsNumber({}, { message: 'must be a number' })
  max?: number;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', maxLength: 64 },
    maxItems: MAX_VALUES,
    description: 'Of an enum',
    example: ['open', 'paid'],
  })
  @MayBeAbsent()
  @IsArray({ message: 'must be a list' })
  @ArrayMaxSize(MAX_VALUES)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  values?: string[];
}

/** One kind of thing that the project stores. */
export class ResourceDto {
  @ApiProperty({ ...NAME_SCHEMA, example: 'item' })
  @Matches(NAME, NAME_RULE)
  name!: string;

  @ApiProperty({ type: [FieldDto], maxItems: MAX_FIELDS })
  @IsListOf(() => FieldDto, MAX_FIELDS)
  fields!: FieldDto[];

  @ApiPropertyOptional({
    type: 'array',
    items: NAME_SCHEMA,
    maxItems: MAX_PARENTS,
    description: 'Names of other resources, each of which it points to',
    example: ['customer'],
  })
  @MayBeAbsent()
  @IsArray({ message: 'must be a list' })
  @ArrayMaxSize(MAX_PARENTS)
  @Matches(NAME, { ...NAME_RULE, each: true })
  belongs_to?: string[];

  @ApiPropertyOptional({
    enum: READABLE_BY,
    example: 'owner',
    description: 'With auth. Absent: owner. everyone: every caller with an account',
  })
  @MayBeAbsent()
  @IsIn(READABLE_BY, { message: `must be one of ${READABLE_BY.join(', ')}` })
  readable_by?: string;

  @ApiPropertyOptional({
    enum: DELETABLE_BY,
    example: 'owner',
    description: 'With auth. Absent: owner',
  })
  @MayBeAbsent()
  @IsIn(DELETABLE_BY, { message: `must be one of ${DELETABLE_BY.join(', ')}` })
  deletable_by?: string;
}

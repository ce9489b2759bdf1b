import { applyDecorators } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import {
  IsInt,
  IsString,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';

/** Marks a constraint whose failure is 400 `bad_request`, not 422, and wins over the 422 of every other field. */
const DANGEROUS: ValidationOptions = { context: { code: 'bad_request' } };

const PROJECT_NAME = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
// Tab, line feed, carriage return and NEL are how text is laid out; nothing else of Cc belongs in it.
const CONTROL_CHARACTER = /[^\P{Cc}\t\n\r\u0085]/u;
const INTEGER = /^-?\d{1,15}$/;
const KEEPS_UNKNOWN = Symbol('keeps unknown fields');

/** Whether `value` is a name of a project: 1 to 100 of `A-Za-z0-9._-`, no `..`, begins with a letter or digit. */
export function isProjectName(value: string): boolean {
  return PROJECT_NAME.test(value);
}

/** A project's name: absent or no text is 422, text outside the grammar 400. */
export function IsProjectName(): PropertyDecorator {
  return applyDecorators(
    IsString({ message: 'must be a string' }),
    ValidateBy(
      {
        name: 'isProjectName',
        validator: {
          // What is no text is IsString's to refuse.
          validate: (value) => typeof value !== 'string' || isProjectName(value),
          defaultMessage: () =>
            '$property must be 1 to 100 of A-Z a-z 0-9 . _ -, begin with a letter or digit and have no ..',
        },
      },
      DANGEROUS,
    ),
  );
}

/** Free text in any language, 1 to 10,000 code points (422); control characters in it are 400. */
export function IsGoal(): PropertyDecorator {
  return applyDecorators(
    HasCodePoints(1, 10_000),
    ValidateBy(
      {
        name: 'hasNoControlCharacters',
        validator: {
          validate: (value) => typeof value !== 'string' || !CONTROL_CHARACTER.test(value),
          defaultMessage: () =>
            '$property must have no control characters other than tabs and line ends',
        },
      },
      DANGEROUS,
    ),
  );
}

/** Text of `min` to `max` characters, as its writer counts them: not UTF-16 units. */
export function HasCodePoints(min: number, max: number): PropertyDecorator {
  return ValidateBy({
    name: 'hasCodePoints',
    validator: {
      validate: (value) => typeof value === 'string' && isBetween(value, min, max),
      defaultMessage: (args) =>
        typeof args?.value === 'string'
          ? `$property must have ${min} to ${max} characters`
          : '$property must be a string',
    },
  });
}

/**
 * An object of a DTO class. Unlike class-validator's `ValidateNested` alone, a list is none.
 *
 * @param schema A function, since the class may be declared further below.
 */
export function IsNested(schema: () => new () => object): PropertyDecorator {
  return applyDecorators(
    Type(schema),
    ValidateNested(),
    ValidateBy({
      name: 'isObject',
      validator: { validate: isObject, defaultMessage: () => 'must be an object' },
    }),
  );
}

/** A list of at most `max` objects of a DTO class. Unlike `ValidateNested` alone, `null` and a list are no items. */
export function IsListOf(schema: () => new () => object, max: number): PropertyDecorator {
  return applyDecorators(
    Type(schema),
    ValidateNested({ each: true }),
    ValidateBy({
      name: 'isArray',
      validator: {
        validate: (value) => Array.isArray(value) && value.length <= max && value.every(isObject),
        defaultMessage: () => `must be a list of at most ${max} objects`,
      },
    }),
  );
}

/** The field may be left out. Unlike class-validator's `IsOptional`, `null` still has to fit the other rules. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** A whole number in a query string; anything but plain digits (`1.5`, `abc`, empty, repeated) is 422. */
export function IsQueryInteger(min: number, max = Number.MAX_SAFE_INTEGER): PropertyDecorator {
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
  const message = `must be a whole number ${range}`;
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && INTEGER.test(value) ? Number(value) : value,
    ),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}

/**
 * Takes a free-form object or array as it came. Without it class-transformer copies it, and loses the fields whose
 * names every object has, such as `toString`.
 */
export function Verbatim(): PropertyDecorator {
  return Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]);
}

/** For a DTO class whose fields beyond the declared ones are kept instead of refused. */
export function KeepUnknown(): ClassDecorator {
  return (target) => Reflect.defineMetadata(KEEPS_UNKNOWN, true, target);
}

/** Whether `target`, an instance of a DTO, is of a class with `@KeepUnknown()`. */
export function keepsUnknown(target: object | undefined): boolean {
  return target !== undefined && Reflect.hasMetadata(KEEPS_UNKNOWN, target.constructor);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBetween(value: string, min: number, max: number): boolean {
  // A code point is one or two units: what is too long either way need not be counted.
  const count = value.length > max * 2 ? Infinity : Array.from(value).length;
  return count >= min && count <= max;
}

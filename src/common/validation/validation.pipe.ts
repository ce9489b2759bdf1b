import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { ApiError } from '../api-error.js';
import { fieldErrors } from './field-errors.js';
import { refuseUnsafe } from './text-safety.js';

/** A body of a megabyte can be wrong in a hundred thousand places. */
const MAX_REPORTED = 100;

/** What a parameter is declared as when it has no DTO. */
const WITHOUT_SCHEMA: unknown[] = [String, Boolean, Number, Array, Object, Buffer, undefined];

/**
 * The one validation of bodies, queries and path parameters, as a global pipe. The answer is an instance of the DTO.
 *
 * Unknown fields of a body are refused rather than dropped, so that a mass assignment or a misspelled option is
 * noticed; those of a query are dropped, since links get parameters added by others.
 *
 * @throws ApiError bad_request for what is dangerous, before validation_error with every field that fails (of very many, the first).
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform<unknown> {
  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    if (type === 'custom') {
      return value;
    }
    if (!Buffer.isBuffer(value)) {
      refuseUnsafe(value);
    }
    return hasSchema(metatype) ? check(value, metatype, type === 'body') : value;
  }
}

async function check(value: unknown, schema: Type<object>, isBody: boolean): Promise<object> {
  const input = value ?? {};
  if (typeof input !== 'object' || Array.isArray(input)) {
    throw invalid([{ field: '', message: 'must be an object' }]);
  }
  const dto = plainToInstance(schema, input);
  const errors = await validate(dto, {
    whitelist: true,
    forbidNonWhitelisted: isBody,
  });
  if (errors.length > 0) {
    const failures = fieldErrors(errors);
    const [dangerous] = failures.dangerous;
    if (dangerous) {
      throw new ApiError('bad_request', `${dangerous.field} ${dangerous.message}`);
    }
    if (failures.invalid.length > 0) {
      throw invalid(failures.invalid);
    }
  }
  return dto;
}

function hasSchema(metatype: ArgumentMetadata['metatype']): metatype is Type<object> {
  return !WITHOUT_SCHEMA.includes(metatype);
}

function invalid(errors: { field: string; message: string }[]): ApiError {
  return new ApiError('validation_error', 'The request does not fit its schema', {
    errors: errors.slice(0, MAX_REPORTED),
  });
}

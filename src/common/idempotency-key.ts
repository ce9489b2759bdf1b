import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiError } from './api-error.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The header `Idempotency-Key`, where there is one. @throws ApiError validation_error */
@Injectable()
export class IdempotencyKey implements PipeTransform<string | undefined, string | undefined> {
  transform(value: string | undefined): string | undefined {
    if (value !== undefined && !KEY.test(value)) {
      throw new ApiError('validation_error', 'The request does not fit its schema', {
        errors: [{ field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
      });
    }
    return value;
  }
}

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { ApiError } from './api-error.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The header `Idempotency-Key`; `undefined` where there is none. @throws ApiError validation_error */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const key = context.switchToHttp().getRequest<Request>().get('idempotency-key');
  if (key !== undefined && !KEY.test(key)) {
    throw new ApiError('validation_error', 'The request does not fit its schema', {
      errors: [{ field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
    });
  }
  return key;
});

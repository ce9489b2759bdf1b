import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ERROR_STATUS, type ErrorCode } from '../api-error.js';
import { ErrorBody } from './error-body.dto.js';

const EXAMPLES: Record<ErrorCode, { when: string; detail: string }> = {
  bad_request: {
    when: 'The request can not be read, or is refused as dangerous',
    detail: 'The body is not valid JSON',
  },
  unauthorized: { when: 'No token, or one that does not hold', detail: 'Not authenticated' },
  forbidden: { when: 'A known user who may not do this', detail: 'Insufficient permissions' },
  not_found: { when: 'No such thing', detail: 'Not found' },
  method_not_allowed: { when: 'The path has other methods', detail: 'Method not allowed' },
  conflict: {
    when: 'The state of things does not allow it',
    detail: 'Conflicts with the current state',
  },
  payload_too_large: { when: 'The body is too large', detail: 'The body is too large' },
  unsupported_media_type: {
    when: 'A body of another type is expected',
    detail: 'Unsupported media type',
  },
  validation_error: {
    when: 'The request reads well but does not fit its schema',
    detail: 'The request does not fit its schema',
  },
  rate_limit_exceeded: { when: 'Too many requests; see Retry-After', detail: 'Too many requests' },
  internal_error: { when: 'A fault of the server', detail: 'Internal server error' },
  service_unavailable: {
    when: 'A part of the server is not usable now; try again',
    detail: 'The service is not available at the moment',
  },
};

/** Documents the errors that a route, or every route of a controller, answers with. */
export function ApiErrors(...codes: ErrorCode[]): ClassDecorator & MethodDecorator {
  return applyDecorators(ApiExtraModels(ErrorBody), ...codes.map(documented));
}

function documented(code: ErrorCode): ClassDecorator & MethodDecorator {
  const status = ERROR_STATUS[code];
  return ApiResponse({
    status,
    description: EXAMPLES[code].when,
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(ErrorBody) },
        example: {
          error: code,
          detail: EXAMPLES[code].detail,
          status_code: status,
          timestamp: '2026-02-03T10:30:00Z',
          ...(code === 'validation_error' && {
            errors: [{ field: 'limit', message: 'must be a whole number from 1 to 100' }],
          }),
        },
      },
    },
  });
}

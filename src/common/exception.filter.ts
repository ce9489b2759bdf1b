import {
  Catch,
  HttpException,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Express, Request, Response } from 'express';
import { isConnectionError } from '../infra/database/database.js';
import { allowedMethods } from './allowed-methods.js';
import { ApiError, ERROR_STATUS, type ErrorCode } from './api-error.js';
import { inUnits } from './in-units.js';

const CODE_OF_STATUS = new Map<number, ErrorCode>(
  Object.entries(ERROR_STATUS).map(([code, status]) => [status, code as ErrorCode]),
);

/** The one exit for errors: whatever is thrown leaves as the documented body, and only what it may say. */
@Catch()
export class ApiExceptionFilter implements ExceptionFilter {
  private readonly log = new Logger('Http');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const error = thrown instanceof NotFoundException ? noSuchRoute(request) : toApiError(thrown);
    if (error.status >= 500) {
      this.log.error(
        `${request.method} ${pathOf(request)}: ${error.code}`,
        thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      );
    }
    if (response.headersSent) {
      // Half an answer can't become an error any more; a cut connection is the only honest sign.
      response.destroy();
      return;
    }
    response
      .status(error.status)
      // The type, too: a route that answers with a file has set its own before it failed.
      .set({ ...error.headers, 'Content-Type': 'application/json' })
      .json({
        error: error.code,
        detail: error.detail,
        status_code: error.status,
        timestamp: new Date().toISOString(),
        ...(error.errors && { errors: error.errors }),
      });
  }
}

/** Translates what libraries throw. What nobody foresaw is `internal_error`, without a word about its cause. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) {
    return thrown;
  }
  if (thrown instanceof HttpException) {
    const code = CODE_OF_STATUS.get(thrown.getStatus()) ?? 'internal_error';
    return new ApiError(code, PLAIN_DETAIL[code], { cause: thrown });
  }
  // Before the database's: a client that left is ECONNABORTED, and bad JSON may be an "unterminated" string.
  if (isBadJson(thrown)) {
    return new ApiError('bad_request', 'The body is not valid JSON', { cause: thrown });
  }
  const status = statusOf(thrown);
  if (status !== undefined) {
    // Express and its body parser: 400, 413, 415 …; anything else they call a client error reads as 400.
    const code = CODE_OF_STATUS.get(status) ?? 'bad_request';
    const limit = code === 'payload_too_large' ? limitOf(thrown) : null;
    const detail =
      limit === null ? PLAIN_DETAIL[code] : `The body is larger than ${inUnits(limit)}`;
    return new ApiError(code, detail, { cause: thrown });
  }
  if (isConnectionError(thrown)) {
    return new ApiError('service_unavailable', 'The database is not available; try again later', {
      cause: thrown,
      headers: { 'Retry-After': '5' },
    });
  }
  return new ApiError('internal_error', PLAIN_DETAIL.internal_error, { cause: thrown });
}

/** Features throw `ApiError`; Nest's own exception says that no route took the request. */
function noSuchRoute(request: Request): ApiError {
  const methods = allowedMethods(request.app as Express, request.path);
  return methods.length > 0
    ? new ApiError('method_not_allowed', PLAIN_DETAIL.method_not_allowed, {
        headers: { Allow: methods.join(', ') },
      })
    : new ApiError('not_found', 'There is nothing under this path');
}

function isBadJson(thrown: unknown): boolean {
  return thrown instanceof Error && 'type' in thrown && thrown.type === 'entity.parse.failed';
}

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof Error && 'status' in thrown && typeof thrown.status === 'number') {
    return thrown.status >= 400 && thrown.status < 500 ? thrown.status : undefined;
  }
  return thrown instanceof URIError ? 400 : undefined;
}

/** The most bytes that a body may have, as the body parser says. */
function limitOf(thrown: unknown): number | null {
  return thrown instanceof Error && 'limit' in thrown && typeof thrown.limit === 'number'
    ? thrown.limit
    : null;
}

/** Without the query: it may hold a token. */
function pathOf(request: Request): string {
  return request.path.slice(0, 200);
}

const PLAIN_DETAIL: Record<ErrorCode, string> = {
  bad_request: 'The request could not be read',
  unauthorized: 'Not authenticated',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  method_not_allowed: 'This method is not allowed here',
  conflict: 'The request conflicts with the current state',
  payload_too_large: 'The request is too large',
  unsupported_media_type: 'This media type is not supported',
  validation_error: 'The request does not fit its schema',
  rate_limit_exceeded: 'Too many requests',
  internal_error: 'Internal error',
  service_unavailable: 'Not available now; try again later',
};

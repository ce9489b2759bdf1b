import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { ApiError } from './api-error.js';
import { isUpload } from './body-parser.js';

/**
 * Refuses a body that is no JSON. Left alone it would look like an empty one, and the answer would name its missing
 * fields. A guard, and the last one, so that 401, 403, 404 and 405 come first.
 */
@Injectable()
export class MediaTypeGuard implements CanActivate {
  /** @throws ApiError unsupported_media_type */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const isEmpty = request.get('content-length') === '0';
    // `is` answers `null` where there is no body.
    if (!isEmpty && request.is('application/json') === false && !isUpload(request)) {
      throw new ApiError('unsupported_media_type', 'Send application/json');
    }
    return true;
  }
}

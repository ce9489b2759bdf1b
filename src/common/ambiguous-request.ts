import type { NextFunction, Request, Response } from 'express';
import { ApiError } from './api-error.js';

/** Of these a proxy and this server might each believe another one. */
const ONLY_ONCE = new Set(['host', 'authorization']);

/**
 * Refuses what Node reads and a proxy in front may read otherwise (RFC 9112, sections 2.3, 3.2 and 6.1): another version
 * than HTTP/1, no `Host`, `Host` or `Authorization` twice, chunks in HTTP/1.0. The connection ends with the answer.
 *
 * @throws ApiError bad_request
 */
export function refuseAmbiguous(request: Request, response: Response, next: NextFunction): void {
  if (request.httpVersionMajor !== 1 || !fitsItsVersion(request) || hasTwice(request)) {
    response.setHeader('Connection', 'close');
    throw new ApiError('bad_request', 'The request could not be read');
  }
  next();
}

function fitsItsVersion({ httpVersionMinor, headers }: Request): boolean {
  return httpVersionMinor === 0
    ? headers['transfer-encoding'] === undefined
    : headers.host !== undefined;
}

function hasTwice({ rawHeaders }: Request): boolean {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return [...ONLY_ONCE].some((name) => names.indexOf(name) !== names.lastIndexOf(name));
}

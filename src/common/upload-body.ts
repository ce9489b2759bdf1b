import express, { type Request, type Response } from 'express';
import { ApiError } from './api-error.js';

/** Where a body is an archive or many files, under a limit of its own. */
const UPLOAD_PATH = /^\/api\/projects\/[^/]+\/source\/?$/;

/** Whether the route reads the body itself. */
export function isUpload(request: Request): boolean {
  return request.method === 'PUT' && UPLOAD_PATH.test(request.path);
}

/**
 * Reads the whole body of an upload, whatever its type. Not unpacked on the way: archives are small already, and a
 * body of some kilobytes must not become fifty megabytes before anybody has looked at it.
 *
 * @throws ApiError payload_too_large, unsupported_media_type, bad_request
 */
export async function readUpload(
  request: Request,
  response: Response,
  maxBytes: number,
): Promise<Buffer> {
  const raw = express.raw({ limit: maxBytes, inflate: false, type: () => true });
  await new Promise<void>((resolve, reject) => {
    raw(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve()));
  });
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body)) {
    throw new ApiError('bad_request', 'The body is empty');
  }
  return body;
}

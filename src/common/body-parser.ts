import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from './api-error.js';

const MAX_DEPTH = 100;
/** Where a body is an archive or many files, under a limit of its own. */
const UPLOAD_PATH = /^\/api\/projects\/[^/]+\/source\/?$/;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Reads JSON bodies up to `maxBytes`. An upload is left to its route, which reads it once the guards have passed. */
export function bodyParser(maxBytes: number): RequestHandler {
  const json = express.json({ limit: maxBytes, strict: false, verify: refuseUnreadable });
  return (request, response, next) => {
    if (isUpload(request)) {
      next();
    } else {
      json(request, response, next);
    }
  };
}

/** Whether the route reads the body itself. */
export function isUpload(request: Request): boolean {
  return request.method === 'PUT' && UPLOAD_PATH.test(request.path);
}

/**
 * Reads the whole body of an upload, whatever its type.
 * @throws ApiError payload_too_large, bad_request
 */
export async function readUpload(
  request: Request,
  response: Response,
  maxBytes: number,
): Promise<Buffer> {
  const raw = express.raw({ limit: maxBytes, type: () => true });
  await new Promise<void>((resolve, reject) => {
    raw(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve()));
  });
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body)) {
    throw new ApiError('bad_request', 'The body is empty');
  }
  return body;
}

/**
 * Refuses, before it is parsed, what the parser would mend in silence (bytes that are no UTF-8), and JSON nested so
 * deep that it overflows the stack of whoever walks it.
 */
export function refuseUnreadable(_: IncomingMessage, __: ServerResponse, body: Buffer): void {
  if (!isUtf8(body)) {
    throw new ApiError('bad_request', 'The body is not valid UTF-8');
  }
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i] as number;
    if (isInString) {
      if (byte === BACKSLASH) {
        i += 1;
      } else if (byte === QUOTE) {
        isInString = false;
      }
    } else if (byte === QUOTE) {
      isInString = true;
    } else if (OPEN.has(byte)) {
      depth += 1;
      if (depth > MAX_DEPTH) {
        throw new ApiError('bad_request', `JSON may be nested ${MAX_DEPTH} deep at most`);
      }
    } else if (CLOSE.has(byte)) {
      depth -= 1;
    }
  }
}

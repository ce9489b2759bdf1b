import express, { type RequestHandler } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from './api-error.js';

const MAX_DEPTH = 100;
/** Where a body is an archive or many files, and its own limit holds. */
const UPLOAD_PATH = /^\/api\/projects\/[^/]+\/source\/?$/;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Reads JSON bodies up to `maxBytes`, and uploads up to `maxUploadBytes` as they are. */
export function bodyParsers(maxBytes: number, maxUploadBytes: number): RequestHandler {
  const json = express.json({ limit: maxBytes, strict: false, verify: refuseDeepNesting });
  const raw = express.raw({ limit: maxUploadBytes, type: () => true });
  return (request, response, next) => {
    const isUpload = request.method === 'PUT' && UPLOAD_PATH.test(request.path);
    (isUpload ? raw : json)(request, response, next);
  };
}

/** JSON nested some thousand deep overflows the stack of whoever walks it: refused before it is parsed. */
export function refuseDeepNesting(_: IncomingMessage, __: ServerResponse, body: Buffer): void {
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

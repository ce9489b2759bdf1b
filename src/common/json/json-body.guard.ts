import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppConfig } from '../../config/app-config.js';
import { ApiError } from '../api-error.js';
import { scanJson } from './json-scan.js';
import { isUpload } from '../upload-body.js';

const LIMITS = { depth: 100, members: 10_000 };

/**
 * Reads the body, as the last of the guards: what is refused for who sent it or how often is not read, and what can't
 * be read has been counted. An upload is left to its route.
 */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  private readonly parse: RequestHandler;

  constructor(config: AppConfig) {
    this.parse = express.json({
      limit: config.http.maxBodyBytes,
      strict: false,
      verify: (_: IncomingMessage, __: ServerResponse, body: Buffer) => scanJson(body, LIMITS),
    });
  }

  /** @throws ApiError unsupported_media_type, and what the parser throws */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    // `is` answers `null` where there is no body, but not for an empty one.
    if (isUpload(request) || request.get('content-length') === '0' || request.is('*') === null) {
      return true;
    }
    if (request.is('application/json') === false) {
      // Left alone it would look like an empty body, and the answer would name its missing fields.
      throw new ApiError('unsupported_media_type', 'Send application/json');
    }
    await new Promise<void>((resolve, reject) => {
      this.parse(request, http.getResponse<Response>(), (error?: unknown) =>
        error ? reject(error as Error) : resolve(),
      );
    });
    return true;
  }
}

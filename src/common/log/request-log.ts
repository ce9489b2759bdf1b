import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { requestContext } from './request-context.js';

/** Taken over from a proxy that has given one already. */
const REQUEST_ID = /^[\w.-]{1,64}$/;
/** Probes and scrapes come every few seconds, and say nothing. */
const SILENT = /^\/(api\/health|metrics)(\/|$)/;
const log = new Logger('Http');

/**
 * Gives each request an id, for the answer (`X-Request-Id`) and for every log line that it causes, and logs its end:
 * method, path without the query (a token may be in it), status, milliseconds, user.
 */
export function requestLog(request: Request, response: Response, next: NextFunction): void {
  const given = request.get('x-request-id');
  const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', requestId);
  // Answers are somebody's own.
  response.setHeader('Cache-Control', 'no-store');
  const startedAt = performance.now();
  requestContext.run({ requestId }, () => {
    if (!SILENT.test(request.path)) {
      const path = request.path.slice(0, 200);
      response.once('close', () => {
        requestContext.run({ requestId }, () =>
          log.log(describe(request, response, path, startedAt)),
        );
      });
    }
    next();
  });
}

function describe(request: Request, response: Response, path: string, startedAt: number): string {
  const user = request.user as { username: string } | undefined;
  const status = response.writableFinished ? response.statusCode : 'client left';
  const ms = (performance.now() - startedAt).toFixed(1);
  return `${request.method} ${path} ${status} ${ms} ms${user ? ` by ${user.username}` : ''}`;
}

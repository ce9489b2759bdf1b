import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** However long a client would wait: proxies give up after a minute. */
const MAX_SECONDS = 60;

/** The seconds of `Prefer: wait=N` (RFC 7240), at most 60; `null`: none that can be honoured. */
export const WaitPreference = createParamDecorator((_: unknown, context: ExecutionContext) =>
  readWait(context.switchToHttp().getRequest<Request>().get('prefer')),
);

/** What can't be read is ignored, as the RFC has it; of several, the first counts. */
export function readWait(header: string | undefined): number | null {
  for (const preference of (header ?? '').split(',')) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference) ?? [];
    if (seconds !== undefined) {
      return Math.min(MAX_SECONDS, Number(seconds));
    }
  }
  return null;
}

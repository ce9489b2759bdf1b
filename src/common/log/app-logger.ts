import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { requestContext } from './request-context.js';

/** What may never be seen in a log, wherever it turns up: pattern -> what stays of it. */
const SECRETS: [RegExp, string][] = [
  [
    /\b(token|password|secret|api_?key|access_token|refresh_token)(["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi,
    '$1$2***',
  ],
  [/\b(Bearer\s+)[\w.~+/-]+=*/gi, '$1***'],
  [/\beyJ[\w-]+(\.[\w-]*){0,2}/g, '***'],
  [/\bgsk_[\w-]{8,}/g, '***'],
  // With a bound: from each letter of a long word, the search would go to its end.
  [/(\w{1,30}:\/\/[^:/\s]*:)[^@/\s]+@/g, '$1***@'],
];

const WIRING = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
  'WebSocketsController',
]);

/** Replaces tokens, passwords and keys in a text. */
export function redact(text: string): string {
  return SECRETS.reduce((rest, [pattern, kept]) => rest.replace(pattern, kept), text);
}

/** Nest's logger on pino: one line an entry, JSON or for people, without secrets. */
export class AppLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(level: string, format: 'pretty' | 'json') {
    const options = {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => ({ request_id: requestContext.getStore()?.requestId }),
    };
    this.pino =
      format === 'pretty'
        ? pino(
            { ...options, timestamp: true },
            pretty({
              translateTime: 'SYS:HH:MM:ss',
              ignore: 'context,request_id',
              messageFormat: '{context}: {msg}{if request_id} [{request_id}]{end}',
              sync: true,
            }),
          )
        : // Written at once: what waits until the exit keeps the process for ever where nobody reads any more.
          pino(options, pino.destination({ sync: true }));
  }

  log(message: unknown, context?: string): void {
    // Nest's own account of how it puts the application together fills a screen at every start.
    const level = context !== undefined && WIRING.has(context) ? 'debug' : 'info';
    this.pino[level]({ context }, textOf(message));
  }

  /** Nest passes a stack and a context, or only one of them. */
  error(message: unknown, ...details: unknown[]): void {
    const context = details.length > 0 ? String(details.at(-1)) : undefined;
    const stack =
      details.length > 1 && details[0] !== undefined ? redact(String(details[0])) : undefined;
    this.pino.error({ context, stack }, textOf(message));
  }

  warn(message: unknown, context?: string): void {
    this.pino.warn({ context }, textOf(message));
  }

  debug(message: unknown, context?: string): void {
    this.pino.debug({ context }, textOf(message));
  }

  verbose(message: unknown, context?: string): void {
    this.pino.trace({ context }, textOf(message));
  }

  fatal(message: unknown, context?: string): void {
    this.pino.fatal({ context }, textOf(message));
  }
}

function textOf(message: unknown): string {
  if (message instanceof Error) {
    return redact(message.stack ?? message.message);
  }
  return redact(typeof message === 'string' ? message : JSON.stringify(message));
}

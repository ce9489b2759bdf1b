import { type Logger, pino } from 'pino';
import type { Settings } from './settings.js';

/** One JSON object a line on standard output; nothing that opens a door is ever written. */
export function createLogger(settings: Pick<Settings, 'LOG_LEVEL'>): Logger {
  return pino({
    level: settings.LOG_LEVEL,
    redact: ['req.headers.authorization', 'req.headers.cookie'],
  });
}

import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ERROR_STATUS, type ErrorCode } from '../common/api-error.js';

/**
 * Whether a browser sends the request for a page of somebody else. Without an `Origin` it is no browser.
 *
 * @param corsOrigins The origins that are welcome beside the server's own.
 */
export function isForeignOrigin(request: IncomingMessage, corsOrigins: string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || corsOrigins.includes(origin)) {
    return false;
  }
  // Under the origin's own scheme, so that a port which is that scheme's default means the same in both.
  const own = URL.canParse(origin) ? `${new URL(origin).protocol}//${host ?? ''}` : '';
  return !URL.canParse(own) || new URL(own).host !== new URL(origin).host;
}

/** Answers an upgrade request like any other request that fails, and ends the connection. */
export function refuseUpgrade(socket: Duplex, code: ErrorCode, detail: string): void {
  const status = ERROR_STATUS[code];
  const body = JSON.stringify({
    error: code,
    detail,
    status_code: status,
    timestamp: new Date().toISOString(),
  });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
  ];
  // Nobody else listens on a socket that was taken out of the HTTP server: an error would end the process.
  socket.once('error', () => socket.destroy());
  // The HTTP server's sockets stay half open otherwise, for as long as the client likes.
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

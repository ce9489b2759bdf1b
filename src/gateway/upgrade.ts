import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { ERROR_STATUS, type ErrorCode } from '../common/api-error.js';

/**
 * Whether a browser sends the request for a page of somebody else. Without an `Origin` it is no browser.
 *
 * @param corsOrigins The origins that are welcome beside the server's own.
 */
export function isForeignOrigin(request: IncomingMessage, corsOrigins: string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || corsOrigins.some((welcome) => isSame(welcome, origin))) {
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

/**
 * Answers a request as if it had not asked for another protocol, which a server may (RFC 9110, section 7.8).
 *
 * Java's HTTP client and `curl --http2` ask every plain server for `h2c`; Node gives all of that to whoever listens
 * for upgrades, with the body unread.
 */
export function ignoreUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [
    `${request.method} ${request.url} HTTP/${request.httpVersion}`,
    // The server listens on the socket a second time now; it shall not a third.
    'Connection: close',
  ];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(index, index + 2);
    if (!/^(upgrade|connection|http2-settings)$/i.test(name)) {
      lines.push(`${name}: ${value}`);
    }
  }
  // Back to where it came from: the HTTP server reads it a second time, the body too.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

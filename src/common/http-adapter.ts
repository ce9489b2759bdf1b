import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Express } from 'express';
import { codeOf } from './error-code.js';

/**
 * Express on a server whose time limits hold from the first byte: with Node's own, slow headers live for 91 s and a
 * slow body for over 100 s.
 */
export class HttpAdapter extends ExpressAdapter {
  constructor() {
    super(express());
  }

  override initHttpServer(): void {
    const app = this.getInstance<Express>();
    const options = {
      headersTimeout: 5_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16 * 1024,
      // Node's own refusal has no body; `refuseAmbiguous` gives the documented one.
      requireHostHeader: false,
      ...bornWithPrototypesOf(app),
    };
    const server = createServer(options, app)
      .on('clientError', answerUnreadable)
      // Node would answer a bare 417, which is none of the documented errors: an expectation that nobody knows is ignored.
      .on('checkExpectation', app);
    // An answer that nobody reads is not kept for ever.
    server.timeout = IDLE_MS;
    this.setHttpServer(server);
  }

  /** A connection that never sent a byte is neither idle nor busy to Node, which would wait for its client. */
  override async close(): Promise<void> {
    const server = this.getHttpServer();
    const limit = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
    try {
      await super.close();
    } finally {
      clearTimeout(limit);
    }
  }
}

/** Longer than any answer may be waited for (`Prefer: wait`) without a byte on the connection. */
const IDLE_MS = 120_000;
/** How long answers may take to go out once the server stops. */
const CLOSE_MS = 3_000;

/** What is no HTTP, too large a header or too slow never reaches Express; the error is the documented one all the same. */
function answerUnreadable(error: Error, socket: Duplex): void {
  if (codeOf(error) === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({
    error: 'bad_request',
    detail: 'The request could not be read',
    status_code: 400,
    timestamp: new Date().toISOString(),
  });
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\n' +
      'X-Content-Type-Options: nosniff\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/**
 * Makes requests and responses begin with the prototypes that Express gives each of them. Before Node 24 a changed
 * prototype slows down whatever touches the object (expressjs/express#5998); setting the one it has costs nothing.
 */
function bornWithPrototypesOf(app: Express) {
  if (Number.parseInt(process.versions.node, 10) >= 24) {
    return {};
  }
  class ExpressRequest extends IncomingMessage {}
  class ExpressResponse extends ServerResponse {}
  app.request = Object.setPrototypeOf(ExpressRequest.prototype, app.request) as typeof app.request;
  app.response = Object.setPrototypeOf(
    ExpressResponse.prototype,
    app.response,
  ) as typeof app.response;
  return { IncomingMessage: ExpressRequest, ServerResponse: ExpressResponse };
}

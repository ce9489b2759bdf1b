import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { INestApplication } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { WebSocket, WebSocketServer } from 'ws';
import { AppConfig } from '../config/app-config.js';
import { BEARER, isStreamPath } from './stream-request.js';
import { StreamTimings } from './stream-timings.js';
import { ignoreUpgrade, isForeignOrigin, refuseUpgrade } from './upgrade.js';

/** Clients have nothing to say but pings: anything larger ends the connection with 1009. */
const MAX_MESSAGE_BYTES = 16 * 1024;

/**
 * WebSockets on the HTTP server's own port, under paths with parameters, which the stock adapter compares literally.
 *
 * An upgrade for another path or for a foreign page is refused as an HTTP request, before any handshake.
 */
export class PathWsAdapter extends WsAdapter {
  private readonly corsOrigins: string[];
  private stopListening: (() => void) | undefined;

  constructor(private readonly app: INestApplication) {
    super(app);
    this.corsOrigins = app.get(AppConfig).http.corsOrigins;
  }

  override create(port: number, options: Record<string, unknown> = {}): WebSocketServer {
    return super.create(port, {
      ...options,
      maxPayload: MAX_MESSAGE_BYTES,
      closeTimeout: this.app.get(StreamTimings, { strict: false }).closeMs,
      perMessageDeflate: false,
      // Never the library's choice, the first of the client's list: that may be the token.
      handleProtocols: (offered: Set<string>) => offered.has(BEARER) && BEARER,
    }) as WebSocketServer;
  }

  /** The stock one parses every message for handlers. There are none, and clients get no work done for sending. */
  override bindMessageHandlers(): void {
    return;
  }

  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    // What a client does wrong ends its own connection, with the right code; a line of log for each would be a gift.
    server.on('connection', (client) => client.on('error', () => undefined));
    server.on('error', (error) => this.logger.error(error));
    return server;
  }

  override async dispose(): Promise<void> {
    this.stopListening?.();
    await super.dispose();
  }

  protected override ensureHttpServerExists(port: number, httpServer?: Server): undefined {
    if (!httpServer || this.httpServersRegistry.has(port)) {
      return;
    }
    this.httpServersRegistry.set(port, httpServer);
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      const [server] = (this.wsServersRegistry.get(port) ?? []) as WebSocketServer[];
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        ignoreUpgrade(httpServer, request, socket, head);
      } else if (!server || !isStreamPath(request.url ?? '')) {
        refuseUpgrade(socket, 'not_found', 'No WebSocket under this path');
      } else if (isForeignOrigin(request, this.corsOrigins)) {
        refuseUpgrade(socket, 'forbidden', 'Pages of this origin may not connect');
      } else {
        server.handleUpgrade(request, socket, head, (client: WebSocket) => {
          server.emit('connection', client, request);
        });
      }
    };
    httpServer.on('upgrade', onUpgrade);
    this.stopListening = () => httpServer.off('upgrade', onUpgrade);
  }
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { createService } from './app.js';
import type { Settings } from './settings.js';

const STOP_MS = 10_000;

export interface RunningServer {
  port: number;
  /** Answers what has come in, takes nothing new, and lets go of everything. */
  stop(): Promise<void>;
}

/** Starts the service; resolves once it takes requests. */
export async function startServer(settings: Settings, logger: Logger): Promise<RunningServer> {
  const service = await createService(settings, logger);
  const server = createServer(service.app).listen(settings.PORT, settings.HOST);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      setTimeout(() => server.closeAllConnections(), STOP_MS).unref();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
      await service.close();
    },
  };
}

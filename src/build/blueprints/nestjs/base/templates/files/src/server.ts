import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { createApp } from './app.js';
import type { Settings } from './settings.js';

const STOP_MS = 10_000;

export interface RunningServer {
  port: number;
  /** Answers what has come in, takes nothing new, and lets go of everything. */
  stop(): Promise<void>;
}

/** Starts the service; resolves once it takes requests. */
export async function startServer(settings: Settings, logger: Logger): Promise<RunningServer> {
  const app = await createApp(settings, logger);
  await app.listen(settings.PORT, settings.HOST);
  const server = app.getHttpServer();
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      setTimeout(() => server.closeAllConnections(), STOP_MS).unref();
      server.closeIdleConnections();
      await app.close();
    },
  };
}

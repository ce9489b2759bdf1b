import { settingsOrExit } from './environment.js';
import { createLogger } from './logger.js';
import { startServer } from './server.js';

const settings = settingsOrExit();
const logger = createLogger(settings);
const server = await startServer(settings, logger);
logger.info({ host: settings.HOST, port: server.port }, 'Listening');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    logger.info({ signal }, 'Stopping');
    void server.stop();
  });
}

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { setUpApp } from './app.setup.js';
import { FirstAdmin } from './auth/users/first-admin.js';
import { warmUp } from './build/blueprints/warm-up.js';
import { AppLogger } from './common/log/app-logger.js';
import { HttpAdapter } from './common/http-adapter.js';
import { codeOf } from './common/error-code.js';
import { StartupError } from './common/startup-error.js';
import type { AppConfig } from './config/app-config.js';
import { loadConfig } from './config/load-config.js';
import { makeDataDir } from './infra/data-dir.js';
import { startEmbeddedPostgres } from './infra/database/embedded/embedded-postgres.js';
import { checkRedis } from './infra/redis/check-redis.js';
import { createSandbox } from './infra/sandbox/create-sandbox.js';
import { migrate } from './migrate.js';

export interface RunningServer {
  /** Where clients reach it. */
  url: string;
  app: NestExpressApplication;
  /** Stops everything in order: no new work, sockets, running tasks, queue and bus, database. */
  stop(): Promise<void>;
}

/**
 * Starts what the settings say: settings, database, schema, application, administrator, port. What was started
 * before a failure is stopped again.
 * @throws StartupError for what an operator can mend
 */
export async function startServer(env: Record<string, string | undefined>): Promise<RunningServer> {
  const config = loadConfig(env);
  const logger = new AppLogger(config.log.level, config.log.format);
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (let undo = started.pop(); undo; undo = started.pop()) {
      await undo();
    }
  };
  try {
    await makeDataDir(config.dataDir);
    const databaseUrl = config.databaseUrl ?? (await startDatabase(config, logger, started));
    await migrate(databaseUrl);
    if (config.redisUrl) {
      await checkRedis(config.redisUrl);
    }
    const sandbox =
      config.role === 'api'
        ? null
        : await createSandbox(config.sandbox, (level, message) =>
            level === 'warn' ? logger.warn(message, 'Sandbox') : logger.log(message, 'Sandbox'),
          );
    const app = await NestFactory.create<NestExpressApplication>(
      AppModule.register({ config, databaseUrl, sandbox }),
      new HttpAdapter(),
      { logger, bodyParser: false, abortOnError: false },
    );
    started.push(() => app.close());
    setUpApp(app);
    await app.init();
    const admin = await app.get(FirstAdmin).createFirstAdmin();
    const url = await listen(app, config);
    announce(url, config, admin);
    // Nobody waits for it, and what fails here fails again where it is told.
    void warmUp().catch((error: unknown) => logger.warn(error, 'Start'));
    return { url, app, stop };
  } catch (error) {
    await stop().catch((reason: unknown) => logger.error(reason, 'Shutdown'));
    throw error;
  }
}

async function startDatabase(
  config: AppConfig,
  logger: AppLogger,
  started: (() => Promise<void>)[],
): Promise<string> {
  const database = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    log: (level, message) => logger[level === 'info' ? 'log' : level](message, 'Database'),
  });
  started.push(() => database.stop());
  return database.url;
}

async function listen(app: NestExpressApplication, config: AppConfig): Promise<string> {
  const { port, host } = config.http;
  // Not through the application, which logs a failure with its stack before it throws.
  const server = app.getHttpServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE') {
      throw new StartupError(`Port ${port} is in use: set PORT to a free one, or end what uses it`);
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartupError(`Can't listen on ${host}:${port} (${code}): check HOST and PORT`);
    }
    throw error;
  }
  const address = server.address() as AddressInfo;
  const name = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host;
  return `http://${name}:${address.port}`;
}

/** For a person at the terminal, and never in the log: the generated password is shown this once. */
function announce(
  url: string,
  config: AppConfig,
  admin: { username: string; password: string } | null,
): void {
  const lines = [`Ready: ${url}`];
  if (config.http.docs && config.role !== 'worker') {
    lines.push(`API explorer: ${url}/api/docs`);
  }
  if (admin) {
    lines.push(`Administrator: ${admin.username}, password ${admin.password} (shown only now)`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

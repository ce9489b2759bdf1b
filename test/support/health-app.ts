import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module, type DynamicModule, type INestApplication } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiExceptionFilter } from '../../src/common/exception.filter.js';
import { AppConfig } from '../../src/config/app-config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { HealthModule } from '../../src/health/health.module.js';
import { RequestMetrics } from '../../src/health/metrics/request-metrics.js';
import { dataSourceOptions } from '../../src/infra/database/data-source-options.js';
import { Database } from '../../src/infra/database/database.js';
import { EventBus } from '../../src/infra/event-bus/event-bus.js';
import { MemoryEventBus } from '../../src/infra/event-bus/memory-event-bus.js';
import { MemoryTaskQueue } from '../../src/infra/queue/memory-task-queue.js';
import { TaskQueue } from '../../src/infra/queue/task-queue.js';
import { Sandbox, SandboxRefused, type SandboxStatus } from '../../src/infra/sandbox/sandbox.js';
import { LeaseKeeper } from '../../src/tasks/lease-keeper.js';
import { TaskPublisher } from '../../src/tasks/task-publisher.js';
import { TaskRunner } from '../../src/tasks/task-runner.js';
import { TaskStore } from '../../src/tasks/task-store.js';
import { addressOf, createTestDatabase, throughPort } from './postgres.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

/** A sandbox as a machine without namespaces has it; it runs nothing. */
class UnisolatedSandbox extends Sandbox {
  override readonly status: SandboxStatus = {
    kind: 'process',
    isolated: false,
    acceptsUntrusted: false,
    reason: 'no user namespaces here',
  };

  override run(): Promise<never> {
    return Promise.reject(new SandboxRefused('not here'));
  }
}

/** The Health module alone, as a server whose database can be taken away. */
export interface HealthApp {
  app: INestApplication;
  /** To its database. */
  proxy: TcpProxy;
  database: Database;
  request(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export interface HealthAppOptions {
  env?: Record<string, string>;
  /** Has a runner, which nothing delivers to. */
  works?: boolean;
  /** Has a sandbox that isolates nothing. */
  unisolated?: boolean;
}

export async function startHealthApp(options: HealthAppOptions = {}): Promise<HealthApp> {
  const own = await createTestDatabase();
  const proxy = await startTcpProxy(addressOf(own.url));
  const url = throughPort(own.url, proxy.port);
  const dataDir = await mkdtemp(join(tmpdir(), 'goalsmith-health-'));
  const config = loadConfig({ DATA_DIR: dataDir, WORKER_CONCURRENCY: '3', ...options.env });
  const app = await NestFactory.create(rootModule(url, config, options), {
    logger: ['fatal', 'error'],
    abortOnError: false,
  });
  app.use(app.get(RequestMetrics).middleware);
  await app.listen(0, '127.0.0.1');
  const { port: httpPort } = app.getHttpServer().address() as AddressInfo;
  return {
    app,
    proxy,
    database: app.get(Database),
    request: (path, init) => fetch(`http://127.0.0.1:${httpPort}${path}`, init),
    async close() {
      // A database that hangs would hold up the end of the pool.
      proxy.set('cut');
      await app.close();
      await proxy.close();
      await own.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function rootModule(url: string, config: AppConfig, options: HealthAppOptions): DynamicModule {
  const working = [TaskRunner, LeaseKeeper, TaskPublisher, TaskStore];
  const sandbox = { provide: Sandbox, useClass: UnisolatedSandbox };

  @Global()
  @Module({
    providers: [
      { provide: AppConfig, useValue: config },
      Database,
      { provide: TaskQueue, useClass: MemoryTaskQueue },
      { provide: EventBus, useClass: MemoryEventBus },
      ...(options.works ? working : []),
      ...(options.unisolated ? [sandbox] : []),
    ],
    exports: [
      AppConfig,
      Database,
      TaskQueue,
      EventBus,
      ...(options.works ? [TaskRunner] : []),
      ...(options.unisolated ? [Sandbox] : []),
    ],
  })
  class Surroundings {}

  @Module({})
  class RootModule {}
  return {
    module: RootModule,
    imports: [
      TypeOrmModule.forRoot({
        ...dataSourceOptions(url, 4, []),
        migrationsRun: true,
        retryAttempts: 0,
      }),
      Surroundings,
      HealthModule,
    ],
    providers: [{ provide: APP_FILTER, useClass: ApiExceptionFilter }],
  };
}

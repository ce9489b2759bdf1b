import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppConfig } from '../config/app-config.js';
import { Database } from './database/database.js';
import { dataSourceOptions } from './database/data-source-options.js';
import { EventBus } from './event-bus/event-bus.js';
import { MemoryEventBus } from './event-bus/memory-event-bus.js';
import { RedisEventBus } from './event-bus/redis-event-bus.js';
import { MemoryTaskQueue } from './queue/memory-task-queue.js';
import { RedisQueueModule } from './queue/redis-queue.module.js';
import { TaskQueue } from './queue/task-queue.js';
import { Sandbox } from './sandbox/sandbox.js';
import { MemoryThrottleStorage } from './throttle/memory-throttle-storage.js';
import { RedisThrottleStorage } from './throttle/redis-throttle-storage.js';
import { ThrottleStorage } from './throttle/throttle-storage.js';

/** What the start has found out before the application is put together. */
export interface Infrastructure {
  config: AppConfig;
  databaseUrl: string;
  /** `null`: this process runs no tasks. */
  sandbox: Sandbox | null;
}

/** The ports and their adapters. This file alone knows whether Redis exists. */
@Module({})
export class InfraModule {
  static register({ config, databaseUrl, sandbox }: Infrastructure): DynamicModule {
    const { redisUrl } = config;
    const concurrency = config.role === 'api' ? 0 : config.work.concurrency;
    const redisQueue = redisUrl ? [RedisQueueModule.register({ redisUrl, concurrency })] : [];
    return {
      module: InfraModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            ...dataSourceOptions(databaseUrl, config.databasePool, []),
            autoLoadEntities: true,
            // The schema is there already: a database that fails now is a failed start, not one to wait for.
            retryAttempts: 0,
          }),
        }),
        ...redisQueue,
      ],
      providers: [
        { provide: AppConfig, useValue: config },
        Database,
        ...(redisUrl
          ? [
              { provide: EventBus, useFactory: () => RedisEventBus.connect({ redisUrl }) },
              {
                provide: ThrottleStorage,
                useFactory: () => RedisThrottleStorage.connect({ redisUrl }),
              },
            ]
          : [
              { provide: TaskQueue, useClass: MemoryTaskQueue },
              { provide: EventBus, useClass: MemoryEventBus },
              { provide: ThrottleStorage, useClass: MemoryThrottleStorage },
            ]),
        ...(sandbox ? [{ provide: Sandbox, useValue: sandbox }] : []),
      ],
      exports: [
        AppConfig,
        Database,
        EventBus,
        ThrottleStorage,
        ...(redisUrl ? redisQueue : [TaskQueue]),
        ...(sandbox ? [Sandbox] : []),
      ],
    };
  }
}

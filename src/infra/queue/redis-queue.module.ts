import { BullModule } from '@nestjs/bull';
import { Module, type DynamicModule } from '@nestjs/common';
import { DEFAULT_KEY_PREFIX, type RedisSettings } from '../redis/redis-connection.js';
import { BullConnections } from './bull-connections.js';
import { BOUND_CONCURRENCY, BullTaskQueue, TASKS_QUEUE } from './bull-task-queue.js';
import { taskProcessorWith } from './task-processor.js';
import { TaskQueue } from './task-queue.js';

export interface RedisQueueSettings extends RedisSettings {
  /** The same number that is later given to `TaskQueue.consume`; absent or 0 in a process that only accepts. */
  concurrency?: number;
}

/** `TaskQueue` on Bull. Importing it connects. */
@Module({})
export class RedisQueueModule {
  static register(settings: RedisQueueSettings): DynamicModule {
    const connections = new BullConnections(settings.redisUrl);
    const concurrency = settings.concurrency ?? 0;
    return {
      module: RedisQueueModule,
      imports: [
        BullModule.registerQueue({
          name: TASKS_QUEUE,
          prefix: settings.keyPrefix ?? DEFAULT_KEY_PREFIX,
          createClient: connections.create,
          settings: {
            // A killed worker's job is delivered again after about six seconds (Bull's defaults: sixty).
            lockDuration: 5_000,
            stalledInterval: 2_000,
            retryProcessDelay: 1_000,
            // Seconds. An idle worker hears from Redis this often, so that silence is told from rest.
            drainDelay: 2,
          },
        }),
      ],
      providers: [
        { provide: BullConnections, useValue: connections },
        { provide: BOUND_CONCURRENCY, useValue: concurrency },
        BullTaskQueue,
        { provide: TaskQueue, useExisting: BullTaskQueue },
        ...(concurrency > 0 ? [taskProcessorWith(concurrency)] : []),
      ],
      exports: [TaskQueue],
    };
  }
}

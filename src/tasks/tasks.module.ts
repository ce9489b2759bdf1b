import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LeaseKeeper } from './lease-keeper.js';
import { TaskDispatcher } from './task-dispatcher.js';
import { Task } from './task.entity.js';
import { TaskFollower } from './task-follower.js';
import { TaskPublisher } from './task-publisher.js';
import { TaskRunner } from './task-runner.js';
import { TaskService } from './task-service.js';
import { TaskStore } from './task-store.js';
import { TaskWorker } from './task-worker.js';

/** The kernel. Features submit and read through `TaskService`, and register a `TaskProcessor` with `TaskRunner`. */
@Global()
@Module({})
export class TasksModule {
  /** @param works Whether this process runs tasks, or only accepts and shows them. */
  static register(works: boolean): DynamicModule {
    return {
      module: TasksModule,
      imports: [TypeOrmModule.forFeature([Task])],
      providers: [
        TaskStore,
        TaskService,
        TaskPublisher,
        TaskFollower,
        TaskDispatcher,
        ...(works ? [TaskRunner, TaskWorker, LeaseKeeper] : []),
      ],
      exports: [
        TaskStore,
        TaskService,
        TaskFollower,
        TaskPublisher,
        ...(works ? [TaskRunner] : []),
      ],
    };
  }
}

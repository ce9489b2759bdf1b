import { ChildEntity, DataSource } from 'typeorm';
import { PERMISSIONS, type Principal, type Role } from '../../src/auth/principal.js';
import { loadConfig } from '../../src/config/load-config.js';
import { Database } from '../../src/infra/database/database.js';
import { dataSourceOptions } from '../../src/infra/database/data-source-options.js';
import { MemoryEventBus } from '../../src/infra/event-bus/memory-event-bus.js';
import { MemoryTaskQueue } from '../../src/infra/queue/memory-task-queue.js';
import { LeaseKeeper } from '../../src/tasks/lease-keeper.js';
import { Task } from '../../src/tasks/task.entity.js';
import { TaskDispatcher } from '../../src/tasks/task-dispatcher.js';
import { TaskFollower } from '../../src/tasks/task-follower.js';
import type { TaskContext, TaskOutcome } from '../../src/tasks/task-processor.js';
import { TaskProcessor } from '../../src/tasks/task-processor.js';
import { TaskPublisher } from '../../src/tasks/task-publisher.js';
import { TaskRunner } from '../../src/tasks/task-runner.js';
import { TaskService } from '../../src/tasks/task-service.js';
import { TaskStore } from '../../src/tasks/task-store.js';
import { TaskWorker } from '../../src/tasks/task-worker.js';
import { migrate } from '../../src/migrate.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';

@ChildEntity('sample')
export class Sample extends Task {}

/** Does what the test says. */
class SampleProcessor extends TaskProcessor<Sample> {
  readonly kind = 'sample';

  constructor(
    private readonly work: (task: Sample, context: TaskContext) => Promise<TaskOutcome>,
    readonly timeLimitMs: number,
  ) {
    super();
  }

  override process(task: Sample, context: TaskContext): Promise<TaskOutcome> {
    return this.work(task, context);
  }
}

export type Kernel = Awaited<ReturnType<typeof startKernel>>;

/** A database with the schema in it. */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await migrate(database.url);
  return database;
}

/** The task kernel with the in-process queue and bus, and without Nest around it. Empties the database first. */
export async function startKernel(database: TestDatabase, env: Record<string, string> = {}) {
  const dataSource = await new DataSource(
    dataSourceOptions(database.url, 10, [Task, Sample]),
  ).initialize();
  const db = new Database(dataSource);
  await db.query({ text: 'TRUNCATE tasks, task_events, users CASCADE' });
  const store = new TaskStore(db);
  const bus = new MemoryEventBus();
  const queue = new MemoryTaskQueue();
  const publisher = new TaskPublisher(bus, queue, store);
  const config = loadConfig(env);
  const service = new TaskService(dataSource, db, store, queue, publisher, config);
  const dispatchers: TaskDispatcher[] = [];
  const workers: TaskWorker[] = [];

  /** Another process' worker, as far as the kernel can tell. */
  function createRunner(
    work: (task: Sample, context: TaskContext) => Promise<TaskOutcome>,
    timeLimitMs = 60_000,
  ): TaskRunner {
    const runner = new TaskRunner(dataSource, store, bus, publisher, new LeaseKeeper(store));
    runner.register(new SampleProcessor(work, timeLimitMs));
    return runner;
  }

  return {
    db,
    store,
    bus,
    queue,
    service,
    follower: new TaskFollower(bus, store),
    createRunner,
    /** Takes deliveries with this runner, and starts the dispatcher. */
    async work(runner: TaskRunner, concurrency = 4): Promise<void> {
      const config = loadConfig({ ...env, WORKER_CONCURRENCY: String(concurrency) });
      const worker = new TaskWorker(queue, runner, store, publisher, config);
      await worker.onApplicationBootstrap();
      workers.push(worker);
      const dispatcher = new TaskDispatcher(store, queue);
      dispatcher.onApplicationBootstrap();
      dispatchers.push(dispatcher);
    },
    async addUser(username: string, role: Role = 'user'): Promise<Principal> {
      await db.query(
        { text: `INSERT INTO users (username, password_hash, role) VALUES ($1, 'x', $2)` },
        [username, role],
      );
      return {
        username,
        role,
        permissions: new Set(PERMISSIONS),
        sessionId: null,
        expiresAt: null,
      };
    },
    submit(user: Principal, more: { lane?: string; key?: string; input?: object } = {}) {
      return service.submit(user, {
        kind: 'sample',
        projectName: 'p',
        input: more.input ?? { a: 1 },
        lane: more.lane ?? null,
        idempotencyKey: more.key,
      });
    },
    async close(): Promise<void> {
      await Promise.all(dispatchers.map((dispatcher) => dispatcher.onModuleDestroy()));
      await Promise.all(workers.map((worker) => worker.onModuleDestroy()));
      await queue.close();
      await dataSource.destroy();
    },
  };
}

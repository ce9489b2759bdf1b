import { randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AUTH_ENTITIES, AuthModule } from '../../src/auth/auth.module.js';
import type { Permission, Role } from '../../src/auth/principal.js';
import { TokensService } from '../../src/auth/tokens.service.js';
import { User } from '../../src/auth/users/user.entity.js';
import { RateLimitModule } from '../../src/common/rate-limit/rate-limit.module.js';
import { AppConfig } from '../../src/config/app-config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { GatewayModule } from '../../src/gateway/gateway.module.js';
import { PathWsAdapter } from '../../src/gateway/path-ws-adapter.js';
import { StreamTimings } from '../../src/gateway/stream-timings.js';
import { Metrics } from '../../src/health/metrics/metrics.js';
import { dataSourceOptions } from '../../src/infra/database/data-source-options.js';
import { Database } from '../../src/infra/database/database.js';
import { EventBus } from '../../src/infra/event-bus/event-bus.js';
import { MemoryEventBus } from '../../src/infra/event-bus/memory-event-bus.js';
import { MemoryTaskQueue } from '../../src/infra/queue/memory-task-queue.js';
import { TaskQueue } from '../../src/infra/queue/task-queue.js';
import { MemoryThrottleStorage } from '../../src/infra/throttle/memory-throttle-storage.js';
import { ThrottleStorage } from '../../src/infra/throttle/throttle-storage.js';
import type { Lease } from '../../src/tasks/lease.js';
import { Task } from '../../src/tasks/task.entity.js';
import { TaskPublisher } from '../../src/tasks/task-publisher.js';
import { TaskStore } from '../../src/tasks/task-store.js';
import { TasksModule } from '../../src/tasks/tasks.module.js';
import { StreamWatcher } from './stream-watcher.js';

const JWT_SECRET = randomBytes(32).toString('hex');

export interface GatewayAppOptions {
  env?: Record<string, string>;
  timings?: Partial<StreamTimings>;
  trustProxy?: number;
}

/** A server with the gateway, the kernel and identities, on a real database. */
export class GatewayApp {
  readonly store: TaskStore;
  readonly publisher: TaskPublisher;
  readonly dataSource: DataSource;
  private readonly watchers: StreamWatcher[] = [];

  private constructor(readonly nest: NestExpressApplication) {
    this.store = nest.get(TaskStore, { strict: false });
    this.publisher = nest.get(TaskPublisher, { strict: false });
    this.dataSource = nest.get(DataSource, { strict: false });
  }

  static async start(databaseUrl: string, options: GatewayAppOptions = {}): Promise<GatewayApp> {
    const config = loadConfig({ JWT_SECRET, ...options.env });
    const module = await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(databaseUrl, 10, [...AUTH_ENTITIES, Task]),
          migrationsRun: true,
        }),
        Infra.register(config),
        RateLimitModule.register(config.rateLimits),
        AuthModule.register(true),
        TasksModule.register(false),
        GatewayModule,
      ],
    })
      .overrideProvider(StreamTimings)
      .useValue(Object.assign(new StreamTimings(), options.timings))
      .compile();
    const nest = module.createNestApplication<NestExpressApplication>();
    if (options.trustProxy !== undefined) {
      nest.set('trust proxy', options.trustProxy);
    }
    nest.useWebSocketAdapter(new PathWsAdapter(nest));
    await nest.listen(0, '127.0.0.1');
    return new GatewayApp(nest);
  }

  get port(): number {
    return (this.nest.getHttpServer().address() as AddressInfo).port;
  }

  /** Ends the clients that a test left open; the server would wait a moment for each. */
  dropWatchers(): void {
    this.watchers.splice(0).forEach((watcher) => watcher.socket.terminate());
  }

  async stop(): Promise<void> {
    this.dropWatchers();
    await this.nest.close();
  }

  url(path: string): string {
    return `ws://127.0.0.1:${this.port}${path}`;
  }

  /** Watches under a path, as whoever the query in it says. */
  open(path: string, ...more: [protocols?: string[], options?: object]): StreamWatcher {
    const watcher = new StreamWatcher(this.url(path), ...more);
    this.watchers.push(watcher);
    return watcher;
  }

  watch(taskId: string, token: string, since?: number | string): StreamWatcher {
    const rest = since === undefined ? '' : `&since=${since}`;
    return this.open(`/api/ws/build/${taskId}?token=${token}${rest}`);
  }

  async user(role: Role = 'user', permissions: Permission[] | null = null): Promise<User> {
    const username = `u-${randomUUID().slice(0, 8)}`;
    const users = this.dataSource.getRepository(User);
    await users.insert({ username, passwordHash: 'none', role, permissions });
    return users.findOneByOrFail({ username });
  }

  async token(user: User): Promise<string> {
    const tokens = this.nest.get(TokensService, { strict: false });
    const issued = await tokens.open(user);
    if (!issued) {
      throw new Error('The user is disabled');
    }
    return issued.accessToken;
  }

  /** The same token, but with another lifetime. */
  async tokenFor(user: User, seconds: number): Promise<string> {
    const jwt = this.nest.get(JwtService, { strict: false });
    const claims = jwt.decode<Record<string, unknown>>(await this.token(user));
    const { iat: _iat, exp: _exp, ...rest } = claims;
    return jwt.sign(rest, { expiresIn: seconds });
  }

  /** As Prometheus reads them. */
  metrics(): Promise<string> {
    return this.nest.get(Metrics, { strict: false }).registry.metrics();
  }

  /** A task with its first event; by default a build. */
  async task(owner: User, kind = 'build'): Promise<string> {
    const id = randomUUID();
    await this.store.insert({
      id,
      kind,
      owner: owner.username,
      projectName: 'demo',
      input: {},
      lane: null,
      idempotencyKey: null,
      idempotencyHash: null,
    });
    return id;
  }

  /** A task that runs, at event 2. */
  async runningTask(owner: User, kind = 'build'): Promise<Lease> {
    const id = await this.task(owner, kind);
    const claim = await this.store.claim(id, randomUUID());
    if (!claim) {
      throw new Error('The task was not claimed');
    }
    return claim.lease;
  }

  /** Stores one more event and tells of it. */
  async progress(lease: Lease, data: object = {}): Promise<void> {
    this.publisher.publish(await this.store.progress(lease, 50, data));
  }

  async complete(lease: Lease): Promise<void> {
    this.publisher.publish(await this.store.complete(lease, { results: { tests_passed: 12 } }));
  }
}

@Global()
@Module({})
class Infra {
  static register(config: AppConfig): DynamicModule {
    const providers = [
      { provide: AppConfig, useValue: config },
      { provide: EventBus, useClass: MemoryEventBus },
      { provide: TaskQueue, useClass: MemoryTaskQueue },
      { provide: ThrottleStorage, useClass: MemoryThrottleStorage },
      Database,
    ];
    return { module: Infra, providers, exports: providers };
  }
}

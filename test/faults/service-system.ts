import { addressOf, throughPort } from '../support/postgres.js';
import type { Role, Settings } from '../support/system.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { FaultSystem, type FaultOptions } from './fault-system.js';
import { PostgresService } from './postgres-service.js';
import { RedisService } from './redis-service.js';

export interface ServiceOptions extends FaultOptions {
  /** Arguments of its redis-server. */
  redis?: string[];
  /** The database has a server of its own, which may be ended. */
  ownPostgres?: boolean;
  more?: Settings;
}

/** The product on services that can be harmed, with a proxy in front of each. */
export class ServiceSystem extends FaultSystem {
  private redisService: RedisService | undefined;
  private postgresService: PostgresService | undefined;
  private ownProxy: TcpProxy | undefined;

  constructor(private readonly serviceOptions: ServiceOptions = {}) {
    super(serviceOptions);
  }

  static override forSuite(options: ServiceOptions): ServiceSystem {
    const system = new ServiceSystem(options);
    beforeAll(() => system.start(), 120_000);
    afterAll(() => system.stop(), 60_000);
    return system;
  }

  get ownRedis(): RedisService {
    return started(this.redisService);
  }

  /** Only with `ownPostgres`. */
  get ownPostgres(): PostgresService {
    return started(this.postgresService);
  }

  /** Between the product and its database; the suite's own look at it goes past. */
  get databaseProxy(): TcpProxy {
    return started(this.ownProxy);
  }

  override get databaseUrl(): string {
    return this.postgresService?.url ?? super.databaseUrl;
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.ownProxy?.close();
    await this.postgresService?.stop();
    await this.redisService?.stop();
  }

  protected override async prepare(): Promise<void> {
    this.redisService = await RedisService.start(this.serviceOptions.redis);
    if (this.serviceOptions.ownPostgres) {
      this.postgresService = await PostgresService.start();
    }
    this.ownProxy = await startTcpProxy(addressOf(this.databaseUrl));
    await super.prepare();
  }

  protected override settingsOf(role: Role): Settings {
    return {
      ...super.settingsOf(role),
      DATABASE_URL: throughPort(this.databaseUrl, this.databaseProxy.port),
      REDIS_URL: this.ownRedis.url,
      ...this.serviceOptions.more,
    };
  }
}

function started<T>(service: T | undefined): T {
  if (service === undefined) {
    throw new Error('This service was not started');
  }
  return service;
}

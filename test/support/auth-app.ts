import type { AddressInfo } from 'node:net';
import {
  Controller,
  Get,
  Global,
  Module,
  type DynamicModule,
  type INestApplication,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AccessGuard } from '../../src/auth/access.guard.js';
import { AUTH_ENTITIES, AuthModule } from '../../src/auth/auth.module.js';
import { Public, Requires } from '../../src/auth/decorators.js';
import { IdentifyGuard } from '../../src/auth/identify.guard.js';
import { FirstAdmin } from '../../src/auth/users/first-admin.js';
import { ApiExceptionFilter } from '../../src/common/exception.filter.js';
import { SkipRateLimit } from '../../src/common/rate-limit/rate-limit.decorators.js';
import { RateLimitModule } from '../../src/common/rate-limit/rate-limit.module.js';
import { RequestValidationPipe } from '../../src/common/validation/validation.pipe.js';
import { AppConfig } from '../../src/config/app-config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { dataSourceOptions } from '../../src/infra/database/data-source-options.js';
import { Database } from '../../src/infra/database/database.js';
import { MemoryThrottleStorage } from '../../src/infra/throttle/memory-throttle-storage.js';
import { ThrottleStorage } from '../../src/infra/throttle/throttle-storage.js';
import { createTestDatabase } from './postgres.js';

export const JWT_SECRET = 'a secret of the tests, 32 bytes and more';
export const ADMIN = { username: 'admin', password: 'the tests administrator' };

@Controller('probe')
class ProbeController {
  @Get('public')
  @Public()
  public() {
    return { ok: true };
  }

  /** As the health probes are. */
  @Get('health')
  @Public()
  @SkipRateLimit()
  health() {
    return { ok: true };
  }

  @Get('read')
  @Requires('build:read')
  read() {
    return { ok: true };
  }

  @Get('create')
  @Requires('build:create')
  create() {
    return { ok: true };
  }
}

@Global()
@Module({})
class Surroundings {
  static of(config: AppConfig): DynamicModule {
    return {
      module: Surroundings,
      providers: [
        { provide: AppConfig, useValue: config },
        { provide: ThrottleStorage, useValue: new MemoryThrottleStorage() },
        Database,
      ],
      exports: [AppConfig, ThrottleStorage, Database],
    };
  }
}

/** The Auth module alone, as a server with a database of its own and an administrator. */
export interface AuthApp {
  app: INestApplication;
  config: AppConfig;
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** Registers where need be, logs in, and gives the answer's body. */
  login(username: string, password?: string): Promise<Tokens>;
  close(): Promise<void>;
}

interface RequestOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  // A test knows what it asked for.
  body: Record<string, unknown>;
}

export type Tokens = { access_token: string; refresh_token: string };

export async function startAuthApp(env: Record<string, string> = {}): Promise<AuthApp> {
  const database = await createTestDatabase();
  const config = loadConfig({
    JWT_SECRET,
    ADMIN_PASSWORD: ADMIN.password,
    RATE_LIMIT_LOGIN: '0',
    ...env,
  });
  const app = await NestFactory.create(rootModule(database.url, config), { logger: ['fatal'] });
  await app.listen(0, '127.0.0.1');
  await app.get(FirstAdmin).createFirstAdmin();
  const base = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;

  const request: AuthApp['request'] = async (method, path, { token, body, headers } = {}) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };

  return {
    app,
    config,
    request,
    async login(username, password = 'a good password') {
      const body = { username, password };
      await request('POST', '/auth/register', { body });
      const answer = await request('POST', '/auth/login', { body });
      if (answer.status !== 200) {
        throw new Error(`login of ${username}: ${answer.status}`);
      }
      return answer.body as Tokens;
    },
    async close() {
      await app.close();
      await database.drop();
    },
  };
}

function rootModule(url: string, config: AppConfig): DynamicModule {
  @Module({})
  class RootModule {}
  return {
    module: RootModule,
    imports: [
      TypeOrmModule.forRoot({ ...dataSourceOptions(url, 5, AUTH_ENTITIES), migrationsRun: true }),
      Surroundings.of(config),
      RateLimitModule.register(config.rateLimits),
      AuthModule.register(true),
    ],
    controllers: [ProbeController],
    providers: [
      { provide: APP_GUARD, useClass: IdentifyGuard },
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_PIPE, useClass: RequestValidationPipe },
      { provide: APP_FILTER, useClass: ApiExceptionFilter },
    ],
  };
}

/** Runs a statement on the app's database. */
export function execute(auth: AuthApp, text: string, values: unknown[] = []): Promise<unknown> {
  return auth.app.get(DataSource).query(text, values);
}

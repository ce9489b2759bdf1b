import type { AddressInfo } from 'node:net';
import {
  Global,
  Injectable,
  Module,
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Request } from 'express';
import { AccessGuard } from '../../src/auth/access.guard.js';
import { ROLE_PERMISSIONS, type Principal, type Role } from '../../src/auth/principal.js';
import { JsonBodyGuard } from '../../src/common/json/json-body.guard.js';
import { ApiExceptionFilter } from '../../src/common/exception.filter.js';
import { RequestValidationPipe } from '../../src/common/validation/validation.pipe.js';
import { AppConfig } from '../../src/config/app-config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { dataSourceOptions } from '../../src/infra/database/data-source-options.js';
import { Database } from '../../src/infra/database/database.js';
import { PROJECT_ENTITIES, ProjectsModule } from '../../src/projects/projects.module.js';
import { createTestDatabase } from './postgres.js';

const USERS: Record<string, Role> = {
  alice: 'user',
  bob: 'user',
  root: 'admin',
  auditor: 'viewer',
};

/** Stands where the token is read: the bearer is the username. */
@Injectable()
class NamedUserGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request & { user?: Principal }>();
    const username = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const role = USERS[username];
    if (role) {
      const permissions = new Set(ROLE_PERMISSIONS[role]);
      request.user = { username, role, permissions, sessionId: null, expiresAt: null };
    }
    return true;
  }
}

@Global()
@Module({})
class Surroundings {
  static of(config: AppConfig): DynamicModule {
    return {
      module: Surroundings,
      providers: [{ provide: AppConfig, useValue: config }, Database],
      exports: [AppConfig, Database],
    };
  }
}

export interface Answer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  json: unknown;
}

/** Projects alone behind HTTP, on a database of their own. */
export interface ProjectsApp {
  app: INestApplication;
  /** @param path Behind `/api/projects`. */
  request(
    user: string,
    method: string,
    path: string,
    body?: Buffer | object,
    contentType?: string,
  ): Promise<Answer>;
  execute(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Leaves the users alice, bob, root (an admin) and auditor (a viewer), and nothing else. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

export async function startProjectsApp(settings: Record<string, string>): Promise<ProjectsApp> {
  const database = await createTestDatabase();
  @Module({})
  class RootModule {}
  const root: DynamicModule = {
    module: RootModule,
    imports: [
      TypeOrmModule.forRoot({
        ...dataSourceOptions(database.url, 10, PROJECT_ENTITIES),
        migrationsRun: true,
      }),
      Surroundings.of(loadConfig(settings)),
      ProjectsModule.register(true),
    ],
    providers: [
      { provide: APP_GUARD, useClass: NamedUserGuard },
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_GUARD, useClass: JsonBodyGuard },
      { provide: APP_PIPE, useClass: RequestValidationPipe },
      { provide: APP_FILTER, useClass: ApiExceptionFilter },
    ],
  };
  const app = await NestFactory.create(root, { logger: ['fatal'], bodyParser: false });
  await app.listen(0, '127.0.0.1');
  const base = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/api/projects`;
  const execute = (text: string, values: unknown[] = []) =>
    app.get(Database).query<Record<string, unknown>>({ text }, values);

  return {
    app,
    execute,
    async request(user, method, path, body, contentType = 'application/json') {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${user}`,
          ...(body !== undefined && { 'content-type': contentType }),
        },
        body: body === undefined ? null : asBody(body),
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
      return {
        status: response.status,
        headers: response.headers,
        bytes,
        json: isJson ? (JSON.parse(bytes.toString()) as unknown) : undefined,
      };
    },
    async empty() {
      await execute(
        'TRUNCATE users, projects, snapshots, snapshot_files, blobs, tasks, model_usage CASCADE',
      );
      for (const [username, role] of Object.entries(USERS)) {
        await execute('INSERT INTO users (username, password_hash, role) VALUES ($1, $2, $3)', [
          username,
          '-',
          role,
        ]);
      }
    },
    async close() {
      await app.close();
      await database.drop();
    },
  };
}

function asBody(body: Buffer | object): Uint8Array<ArrayBuffer> | string {
  return Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body);
}

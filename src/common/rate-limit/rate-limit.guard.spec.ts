import {
  Catch,
  Controller,
  Get,
  Global,
  Injectable,
  Module,
  Post,
  type ArgumentsHost,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import type { Request, Response } from 'express';
import { MemoryThrottleStorage } from '../../infra/throttle/memory-throttle-storage.js';
import { ThrottleStorage } from '../../infra/throttle/throttle-storage.js';
import { ApiError } from '../api-error.js';
import { RateLimit, SkipRateLimit } from './rate-limit.decorators.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimitModule } from './rate-limit.module.js';
import type { RateLimits } from './rate-limits.js';

const START = 1_700_000_000_000;
const realNow = Date.now;

/** As the real one does: who it is comes before how often. */
@Injectable()
class NameFromHeader implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request & { user?: { username: string } }>();
    const username = request.header('x-user');
    request.user = username === undefined ? undefined : { username };
    return true;
  }
}

@Injectable()
class RefusesOnOrder implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.switchToHttp().getRequest<Request>().header('x-refuse')) {
      throw new ApiError('forbidden', 'no');
    }
    return true;
  }
}

@Catch(ApiError)
class ApiErrorFilter implements ExceptionFilter<ApiError> {
  catch(error: ApiError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    response.status(error.status).set(error.headers).json({ error: error.code });
  }
}

@Controller()
class Routes {
  @Get('read')
  read(): string {
    return 'ok';
  }

  @Post('build')
  @RateLimit('build')
  build(): string {
    return 'ok';
  }

  @Post('analysis')
  @RateLimit('analysis')
  analysis(): string {
    return 'ok';
  }

  @Get('health')
  @SkipRateLimit()
  health(): string {
    return 'ok';
  }
}

let now = 0;

@Global()
@Module({
  providers: [{ provide: ThrottleStorage, useFactory: () => new MemoryThrottleStorage(() => now) }],
  exports: [ThrottleStorage],
})
class Infra {}

describe(RateLimitGuard.name, () => {
  let app: INestApplication;

  async function start(limits: Partial<RateLimits>): Promise<void> {
    const all = { global: 60, build: 10, analysis: 5, login: 10, ...limits };
    const module = await Test.createTestingModule({
      imports: [Infra, RateLimitModule.register(all)],
      controllers: [Routes],
      providers: [
        { provide: APP_GUARD, useClass: NameFromHeader },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_GUARD, useClass: RefusesOnOrder },
      ],
    }).compile();
    app = module.createNestApplication();
    app.useGlobalFilters(new ApiErrorFilter());
    await app.listen(0, '127.0.0.1');
  }

  beforeEach(() => {
    now = 0;
    Date.now = () => START + now;
  });

  afterEach(async () => {
    Date.now = realNow;
    await app.close();
  });

  /** Status, limit, remaining, reset, retry-after; headers as they were sent. */
  async function send(path: string, headers: Record<string, string> = {}) {
    const method = ['build', 'analysis'].includes(path) ? 'POST' : 'GET';
    const response = await fetch(`${await app.getUrl()}/${path}`, { method, headers });
    await response.text();
    const names = [
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'x-ratelimit-reset',
      'retry-after',
    ];
    return [response.status, ...names.map((name) => response.headers.get(name))];
  }

  it('tells limit, remaining and reset, and from limit + 1 on 429 with the seconds to wait', async () => {
    await start({ global: 2 });

    expect(await send('read')).toEqual([200, '2', '1', '1700000060', null]);
    now = 30_500;
    expect(await send('read')).toEqual([200, '2', '0', '1700000060', null]);
    expect(await send('read')).toEqual([429, '2', '0', '1700000060', '30']);
  });

  it('frees a client when the window ends, however often it was refused', async () => {
    await start({ global: 1 });
    for (now = 0; now < 60_000; now += 10_000) {
      await send('read');
    }
    expect(await send('read')).toEqual([200, '1', '0', '1700000120', null]);
  });

  it('counts creation against its own limit and the global one, and shows the tighter', async () => {
    await start({ global: 4, build: 2, analysis: 1 });

    expect(await send('build')).toEqual([201, '2', '1', '1700000060', null]);
    expect(await send('analysis')).toEqual([201, '1', '0', '1700000060', null]);
    expect(await send('read')).toEqual([200, '4', '1', '1700000060', null]);
    expect(await send('build')).toEqual([201, '4', '0', '1700000060', null]);
    expect(await send('build')).toEqual([429, '4', '0', '1700000060', '60']);
  });

  it('lets a user read whose builds are used up', async () => {
    await start({ build: 1 });
    await send('build');

    expect((await send('build'))[0]).toBe(429);
    expect(await send('read')).toEqual([200, '60', '57', '1700000060', null]);
  });

  it('counts users apart from each other and from their address', async () => {
    await start({ global: 1 });

    for (const headers of [asUser('ada'), asUser('bob'), {}]) {
      expect((await send('read', headers))[0]).toBe(200);
      expect((await send('read', headers))[0]).toBe(429);
    }
  });

  it('counts what later guards refuse', async () => {
    await start({ global: 1 });

    expect(await send('read', { 'x-refuse': '1' })).toEqual([403, '1', '0', '1700000060', null]);
    expect((await send('read'))[0]).toBe(429);
  });

  it('neither counts nor marks what is exempt', async () => {
    await start({ global: 1 });

    for (let probe = 0; probe < 3; probe += 1) {
      expect(await send('health')).toEqual([200, null, null, null, null]);
    }
    expect((await send('read'))[0]).toBe(200);
  });

  it('has no limit and no headers where all are 0, and only the others where one is', async () => {
    await start({ global: 0, build: 1 });

    expect(await send('read')).toEqual([200, null, null, null, null]);
    expect(await send('build')).toEqual([201, '1', '0', '1700000060', null]);
    expect((await send('build'))[0]).toBe(429);
  });
});

function asUser(name: string): Record<string, string> {
  return { 'x-user': name };
}

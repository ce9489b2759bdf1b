import { Module, type DynamicModule } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { ThrottleStorage } from '../../infra/throttle/throttle-storage.js';
import { FailedLogins } from './failed-logins.js';
import { RATE_LIMITS, WINDOW_MS, type RateLimits } from './rate-limits.js';

/** What `RateLimitGuard` and `FailedLogins` need, everywhere. `ThrottleStorage` comes from a global module. */
@Module({})
export class RateLimitModule {
  static register(limits: RateLimits): DynamicModule {
    return {
      module: RateLimitModule,
      global: true,
      imports: [
        ThrottlerModule.forRootAsync({
          inject: [ThrottleStorage],
          useFactory: (storage: ThrottleStorage) => ({
            throttlers: [
              { name: 'global', limit: limits.global, ttl: WINDOW_MS, blockDuration: 0 },
            ],
            storage,
          }),
        }),
      ],
      providers: [{ provide: RATE_LIMITS, useValue: limits }, FailedLogins],
      exports: [ThrottlerModule, RATE_LIMITS, FailedLogins],
    };
  }
}

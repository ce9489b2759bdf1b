import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AnalysisModule } from './analysis/analysis.module.js';
import { AccessGuard } from './auth/access.guard.js';
import { AuthModule } from './auth/auth.module.js';
import { IdentifyGuard } from './auth/identify.guard.js';
import { BuildModule } from './build/build.module.js';
import { LargeTransfersInterceptor } from './common/large-transfers.js';
import { JsonBodyGuard } from './common/json/json-body.guard.js';
import { RateLimitGuard } from './common/rate-limit/rate-limit.guard.js';
import { RateLimitModule } from './common/rate-limit/rate-limit.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { HealthModule } from './health/health.module.js';
import { InfraModule, type Infrastructure } from './infra/infra.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { ProjectsModule } from './projects/projects.module.js';
import { ToolchainsModule } from './toolchains/toolchains.module.js';
import { TasksModule } from './tasks/tasks.module.js';

/** What each role runs. Both answer probes; only `api` has routes, only `worker` runs tasks. */
@Module({})
export class AppModule {
  static register(infrastructure: Infrastructure): DynamicModule {
    const { role } = infrastructure.config;
    const works = role !== 'api';
    const serves = role !== 'worker';
    return {
      module: AppModule,
      imports: [
        InfraModule.register(infrastructure),
        RateLimitModule.register(infrastructure.config.rateLimits),
        TasksModule.register(works),
        HealthModule,
        RetentionModule,
        AuthModule.register(serves),
        ProjectsModule.register(serves),
        ...(works ? [ToolchainsModule] : []),
        BuildModule.register({ serves, works }),
        AnalysisModule.register({ serves, works }),
        ...(serves ? [GatewayModule] : []),
      ],
      providers: [
        // In this order: who is it, how often, may they, can it be read. A bad token is counted as well.
        { provide: APP_GUARD, useClass: IdentifyGuard },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: JsonBodyGuard },
        { provide: APP_INTERCEPTOR, useClass: LargeTransfersInterceptor },
      ],
    };
  }
}

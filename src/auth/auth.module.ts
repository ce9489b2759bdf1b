import { Global, Module, type DynamicModule } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppConfig } from '../config/app-config.js';
import { AuthController } from './auth.controller.js';
import { BearerStrategy } from './bearer.strategy.js';
import { loadJwtKey } from './credentials/jwt-key.js';
import { RefreshToken } from './credentials/refresh-token.entity.js';
import { Session } from './credentials/session.entity.js';
import { IdentityService } from './identity.service.js';
import { ApiKey } from './keys/api-key.entity.js';
import { ApiKeysController } from './keys/api-keys.controller.js';
import { ApiKeysService } from './keys/api-keys.service.js';
import { LoginService } from './login.service.js';
import { PasswordHasher } from './password-hasher.js';
import { TokensService } from './tokens.service.js';
import { UsageService } from './usage/usage.service.js';
import { FirstAdmin } from './users/first-admin.js';
import { User } from './users/user.entity.js';
import { UsersController } from './users/users.controller.js';
import { UsersService } from './users/users.service.js';

/** For the data source's list of entities. */
export const AUTH_ENTITIES = [User, Session, RefreshToken, ApiKey];

/** Accounts, tokens, keys. `AppConfig`, `Database` and `FailedLogins` come from global modules. */
@Global()
@Module({})
export class AuthModule {
  /** @param serves Whether this process has routes. */
  static register(serves: boolean): DynamicModule {
    return {
      module: AuthModule,
      imports: [
        TypeOrmModule.forFeature(AUTH_ENTITIES),
        JwtModule.registerAsync({
          inject: [AppConfig],
          useFactory: async (config: AppConfig) => ({
            secret: await loadJwtKey(config),
            signOptions: { algorithm: 'HS256' as const },
            verifyOptions: { algorithms: ['HS256' as const] },
          }),
        }),
      ],
      controllers: serves ? [AuthController, UsersController, ApiKeysController] : [],
      providers: [
        ApiKeysService,
        BearerStrategy,
        FirstAdmin,
        IdentityService,
        LoginService,
        PasswordHasher,
        TokensService,
        UsageService,
        UsersService,
      ],
      exports: [FirstAdmin, IdentityService],
    };
  }
}

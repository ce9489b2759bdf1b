import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Settings } from '../settings.js';
import { LOGGER, SETTINGS } from './tokens.js';

/** What every module may ask for. */
@Global()
@Module({})
export class CoreModule {
  static register(settings: Settings, logger: Logger): DynamicModule {
    const providers = [
      { provide: SETTINGS, useValue: settings },
      { provide: LOGGER, useValue: logger },
    ];
    return { module: CoreModule, providers, exports: providers };
  }
}

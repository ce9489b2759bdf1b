import { Injectable, Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { StatusSources, type ToolchainStatus } from '../health/status-source.js';

/** The toolchains of this process and their states; a process that runs no tasks has none. */
@Injectable()
export class ToolchainStates {
  constructor(private readonly sources: StatusSources) {}

  readAll(): Record<string, ToolchainStatus> {
    return this.sources.readAll();
  }
}

/** For features that tell their callers what they can do. */
@Module({ imports: [HealthModule], providers: [ToolchainStates], exports: [ToolchainStates] })
export class ToolchainStatesModule {}

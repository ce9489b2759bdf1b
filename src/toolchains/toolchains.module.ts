import { Global, Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { NodeStatus } from './node-status.js';
import { NodeToolchain } from './node-toolchain.js';
import { PythonStatus } from './python-status.js';
import { PythonToolchain } from './python-toolchain.js';

/** The tools that check code, for every feature that runs some. In working processes only. */
@Global()
@Module({
  imports: [HealthModule],
  providers: [PythonToolchain, PythonStatus, NodeToolchain, NodeStatus],
  exports: [PythonToolchain, NodeToolchain],
})
export class ToolchainsModule {}

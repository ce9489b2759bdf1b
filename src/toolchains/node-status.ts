import { Injectable } from '@nestjs/common';
import { StatusSource, StatusSources, type ToolchainStatus } from '../health/status-source.js';
import { NodeToolchain } from './node-toolchain.js';

/** Shows the Node toolchain at `/api/health/status`. */
@Injectable()
export class NodeStatus extends StatusSource {
  readonly name = 'node';

  constructor(
    private readonly toolchain: NodeToolchain,
    sources: StatusSources,
  ) {
    super();
    sources.register(this);
  }

  override read(): ToolchainStatus {
    return this.toolchain.status;
  }
}

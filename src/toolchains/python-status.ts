import { Injectable } from '@nestjs/common';
import { StatusSource, StatusSources, type ToolchainStatus } from '../health/status-source.js';
import { PythonToolchain } from './python-toolchain.js';

/** Shows the Python toolchain at `/api/health/status`. */
@Injectable()
export class PythonStatus extends StatusSource {
  readonly name = 'python';

  constructor(
    private readonly toolchain: PythonToolchain,
    sources: StatusSources,
  ) {
    super();
    sources.register(this);
  }

  override read(): ToolchainStatus {
    return this.toolchain.status;
  }
}

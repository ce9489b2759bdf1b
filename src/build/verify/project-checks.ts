import { Injectable } from '@nestjs/common';
import type { SandboxMount } from '../../infra/sandbox/sandbox.js';
import { NodeToolchain } from '../../toolchains/node-toolchain.js';
import { PythonToolchain } from '../../toolchains/python-toolchain.js';
import type { ProjectSpec } from '../blueprints/project-spec.js';
import type { Check } from './check.js';
import { nodeChecks } from './node-checks.js';
import { pythonChecks } from './python-checks.js';

/** Chooses the checks, and the tools for them, by a project's framework. */
@Injectable()
export class ProjectChecks {
  constructor(
    private readonly python: PythonToolchain,
    private readonly node: NodeToolchain,
  ) {}

  /**
   * @param onWait Called once where a toolchain still has to be made.
   * @throws ToolchainUnavailable, and the signal's reason when aborted
   */
  async of(
    spec: ProjectSpec,
    signal: AbortSignal,
    onWait: (text: string) => Promise<void>,
  ): Promise<{ checks: Check[]; mounts: SandboxMount[] }> {
    switch (spec.framework) {
      case 'fastapi':
        return pythonChecks(spec, await this.python.ready(signal, onWait));
      case 'express':
      case 'nestjs':
        return nodeChecks(spec, await this.node.ready(signal, onWait));
    }
  }
}

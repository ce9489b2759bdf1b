import { Injectable } from '@nestjs/common';
import { PythonToolchain } from '../../toolchains/python-toolchain.js';
import type { ProjectSpec } from '../blueprints/project-spec.js';
import type { Check, CheckName, CheckOutcome } from '../verify/check.js';
import { pythonChecks } from '../verify/python-checks.js';
import { Verifier, type Verification } from '../verify/verifier.js';
import type { SourceTree } from './code-model.js';

export interface CheckOptions {
  trust: 'blueprint' | 'untrusted';
  signal: AbortSignal;
  /** Absent: all. */
  only?: readonly CheckName[];
  /** Called where the toolchain still has to be made. */
  onWait?: (text: string) => Promise<void>;
  onStart?: (checks: Check[]) => Promise<void>;
  /** Called once a check, in the order they end. */
  onEnd?: (outcome: CheckOutcome, count: number) => Promise<void>;
}

/** Runs what a project of a specification must pass. */
@Injectable()
export class CheckRunner {
  constructor(
    private readonly toolchain: PythonToolchain,
    private readonly verifier: Verifier,
  ) {}

  /** @throws ToolchainUnavailable, SandboxRefused, and the signal's reason when aborted */
  async run(spec: ProjectSpec, files: SourceTree, options: CheckOptions): Promise<Verification> {
    const { trust, signal, only } = options;
    const tools = await this.toolchain.ready(signal, options.onWait ?? (() => Promise.resolve()));
    const plan = await pythonChecks(spec, tools);
    const checks = plan.checks.filter((check) => !only?.length || only.includes(check.name));
    await options.onStart?.(checks);
    return this.verifier.verify(
      checks,
      { files, mounts: plan.mounts, trust },
      signal,
      async (outcome) => options.onEnd?.(outcome, checks.length),
    );
  }
}

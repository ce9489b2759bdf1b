import { Injectable } from '@nestjs/common';
import type { ProjectSpec } from '../blueprints/project-spec.js';
import type { Check, CheckName, CheckOutcome } from '../verify/check.js';
import { ProjectChecks } from '../verify/project-checks.js';
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
    private readonly projectChecks: ProjectChecks,
    private readonly verifier: Verifier,
  ) {}

  /** @throws ToolchainUnavailable, SandboxRefused, and the signal's reason when aborted */
  async run(spec: ProjectSpec, files: SourceTree, options: CheckOptions): Promise<Verification> {
    const { trust, signal, only } = options;
    const onWait = options.onWait ?? (() => Promise.resolve());
    const plan = await this.projectChecks.of(spec, signal, onWait);
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

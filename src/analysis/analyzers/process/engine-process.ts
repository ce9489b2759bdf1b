import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import {
  Sandbox,
  SandboxRefused,
  type SandboxCommand,
  type SandboxResult,
} from '../../../infra/sandbox/sandbox.js';
import { nodeRuntime } from '../../../toolchains/node-runtime.js';
import { AnalyzerFailed, AnalyzerUnavailable } from '../analyzer.js';

const MIB = 1024 * 1024;
/** A report of this size has some fifty thousand findings. */
const MAX_REPORT_BYTES = 32 * MIB;

/** The compiled product and its packages: a child process has no compiler, also where the sources run, as in tests. */
const ROOT = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../../' : '../../../../../', import.meta.url),
);
/** Where the sandbox sees them. */
export const PACKAGES = '/engine/node_modules';
const PROGRAMS = '/engine/dist/src/analysis/analyzers';

export type EngineCommand = Pick<
  SandboxCommand,
  'argv' | 'env' | 'files' | 'mounts' | 'onReport' | 'limits'
>;

/**
 * Runs one engine as a process of its own, with limits on time, memory, output and processes.
 *
 * The engine reads the code as text: nothing of it runs and none of its configuration is loaded, so that an analysis
 * needs no isolation to be allowed. Where there is some, it holds here as well.
 */
@Injectable()
export class EngineProcess {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly config: AppConfig,
  ) {}

  /** @throws AnalyzerUnavailable, AnalyzerFailed where a limit ended it; the signal's reason when aborted. */
  async run(command: EngineCommand, signal: AbortSignal): Promise<SandboxResult> {
    const result = await this.sandbox
      .run(
        {
          ...command,
          env: { LANG: 'C.UTF-8', ...command.env },
          limits: {
            timeoutMs: this.config.work.commandTimeoutMs,
            outputBytes: MAX_REPORT_BYTES,
            reportBytes: MAX_REPORT_BYTES,
            ...command.limits,
          },
          trust: 'blueprint',
        },
        signal,
      )
      .catch((error: unknown) => {
        throw error instanceof SandboxRefused
          ? new AnalyzerUnavailable(error.message, { cause: error })
          : error;
      });
    signal.throwIfAborted();
    if (result.stopped !== null) {
      throw new AnalyzerFailed(
        result.stopped === 'timeout'
          ? `Ended at its time limit of ${this.config.work.commandTimeoutMs / 1000} s`
          : `Ended at its ${result.stopped} limit`,
      );
    }
    return result;
  }
}

/**
 * A program of our own that runs in Node.
 *
 * @param path Of the compiled file, below this folder, such as `ruff/ruff-program.js`.
 * @param options Node's own, such as `--max-old-space-size=768`.
 */
export function nodeProgram(
  path: string,
  options: readonly string[] = [],
): Required<Pick<EngineCommand, 'argv' | 'mounts'>> {
  const { node, mounts } = nodeRuntime();
  return {
    argv: [node, ...options, `${PROGRAMS}/${path}`],
    mounts: [...mounts, ...engineMounts()],
  };
}

/** Of a file of the product, on the host. */
export function hostPath(name: string): string {
  return `${ROOT}${name}`;
}

/** Where the sandbox sees the product's packages and programs. */
export function engineMounts(): Required<EngineCommand>['mounts'] {
  return ['dist', 'node_modules', 'package.json'].map((name) => ({
    host: hostPath(name),
    inside: `${dirname(PACKAGES)}/${name}`,
  }));
}

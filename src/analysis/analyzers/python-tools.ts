import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { Sandbox, SandboxRefused, type SandboxResult } from '../../infra/sandbox/sandbox.js';
import { ToolchainUnavailable } from '../../toolchains/prepared-toolchain.js';
import { PythonToolchain, type PythonTools } from '../../toolchains/python-toolchain.js';
import { AnalyzerFailed, AnalyzerUnavailable, type AnalyzerContext } from './analyzer.js';

/** A report of this size has some ten thousand findings. */
const MAX_REPORT_BYTES = 16 * 1024 * 1024;

export interface PythonTool {
  /** Of the installed package. */
  version: string;
  /** Of Python, as the sandbox sees it. */
  python: string;
  /** The tool's own program, as the sandbox sees it. */
  program: string;
  mounts: PythonTools['mounts'];
}

/** Runs the engines of the Python toolchain. */
@Injectable()
export class PythonToolRunner {
  constructor(
    private readonly toolchain: PythonToolchain,
    private readonly sandbox: Sandbox,
    private readonly config: AppConfig,
  ) {}

  /** @throws AnalyzerUnavailable; the signal's reason when aborted. */
  async find(name: string, context: AnalyzerContext): Promise<PythonTool> {
    const tools = await this.toolchain
      .ready(context.signal, (text) => context.say(text))
      .catch((error: unknown) => {
        throw error instanceof ToolchainUnavailable
          ? new AnalyzerUnavailable(error.message, { cause: error })
          : error;
      });
    return {
      version: await installedVersion(tools, name),
      python: tools.python,
      program: tools.python.replace(/[^/]+$/, name),
      mounts: tools.mounts,
    };
  }

  /** @throws AnalyzerFailed where a limit ended it; the signal's reason when aborted. */
  async run(
    tool: PythonTool,
    command: {
      argv: string[];
      env?: Record<string, string>;
      files: ReadonlyMap<string, Buffer>;
      mounts?: PythonTools['mounts'];
    },
    signal: AbortSignal,
  ): Promise<SandboxResult> {
    const result = await this.sandbox
      .run(
        {
          ...command,
          env: { LANG: 'C.UTF-8', ...command.env },
          mounts: [...tool.mounts, ...(command.mounts ?? [])],
          limits: {
            timeoutMs: this.config.work.commandTimeoutMs,
            outputBytes: MAX_REPORT_BYTES,
          },
          // The engine reads the code as text: nothing of it runs and none of its configuration is loaded, so that
          // an analysis needs no isolation to be allowed. Where there is some, it holds here as well.
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
        tool.version,
      );
    }
    return result;
  }
}

/** As pip recorded it: asking the tool itself would take a run of its own. */
async function installedVersion(tools: PythonTools, name: string): Promise<string> {
  const [mount] = tools.mounts;
  const [major, minor] = tools.version.split('.');
  const folder = join(mount?.host ?? '', 'lib', `python${major}.${minor}`, 'site-packages');
  const prefix = `${name}-`;
  const suffix = '.dist-info';
  const found = (await readdir(folder)).find(
    (entry) => entry.startsWith(prefix) && entry.endsWith(suffix),
  );
  if (found === undefined) {
    throw new AnalyzerUnavailable(`${name} is not in the Python toolchain: remove TOOLCHAIN_DIR`);
  }
  return found.slice(prefix.length, -suffix.length);
}

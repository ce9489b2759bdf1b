import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { ToolchainUnavailable } from '../../../toolchains/prepared-toolchain.js';
import { PythonToolchain, type PythonTools } from '../../../toolchains/python-toolchain.js';
import { AnalyzerNotNeeded, type AnalyzerContext } from '../analyzer.js';

export interface PythonTool {
  /** Of the installed package. */
  version: string;
  /** Of Python, as the sandbox sees it. */
  python: string;
  mounts: PythonTools['mounts'];
}

/** Finds the engines that the Python toolchain brings. */
@Injectable()
export class PythonToolFinder {
  constructor(private readonly toolchain: PythonToolchain) {}

  /** @throws AnalyzerNotNeeded, as pyright then checks the types; the signal's reason when aborted. */
  async find(name: string, context: Pick<AnalyzerContext, 'signal' | 'say'>): Promise<PythonTool> {
    const tools = await this.toolchain
      .ready(context.signal, (text) => context.say(text))
      .catch((error: unknown) => {
        throw error instanceof ToolchainUnavailable
          ? new AnalyzerNotNeeded(error.message, { cause: error })
          : error;
      });
    return {
      version: await installedVersion(tools, name),
      python: tools.python,
      mounts: tools.mounts,
    };
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
    throw new AnalyzerNotNeeded(`${name} is not in the Python toolchain: remove TOOLCHAIN_DIR`);
  }
  return found.slice(prefix.length, -suffix.length);
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { ToolchainUnavailable } from '../../../../toolchains/prepared-toolchain.js';
import { PythonToolchain, type PythonTools } from '../../../../toolchains/python-toolchain.js';
import { AnalyzerNotNeeded, type AnalyzerContext } from '../../analyzer.js';
import { normalised } from '../declared-packages.js';

export interface PythonTool {
  /** Of the installed package. */
  version: string;
  /** Of Python, as the sandbox sees it. */
  python: string;
  mounts: PythonTools['mounts'];
  /** What is installed: name, as PyPI normalises it, to version. */
  packages: ReadonlyMap<string, string>;
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
    const packages = await installedPackages(tools);
    const version = packages.get(name);
    if (version === undefined) {
      throw new AnalyzerNotNeeded(`${name} is not in the Python toolchain: remove TOOLCHAIN_DIR`);
    }
    return { version, packages, python: tools.python, mounts: tools.mounts };
  }
}

/** As pip recorded them: asking the tools themselves would take a run of its own. */
async function installedPackages(tools: PythonTools): Promise<Map<string, string>> {
  const [mount] = tools.mounts;
  const [major, minor] = tools.version.split('.');
  const folder = join(mount?.host ?? '', 'lib', `python${major}.${minor}`, 'site-packages');
  return new Map(
    (await readdir(folder)).flatMap((entry): [string, string][] => {
      const [, name, version] = /^(.+?)-([^-]+)\.dist-info$/.exec(entry) ?? [];
      return name === undefined || version === undefined ? [] : [[normalised(name), version]];
    }),
  );
}

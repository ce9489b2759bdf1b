import { Injectable } from '@nestjs/common';
import type { SandboxResult } from '../../../../infra/sandbox/sandbox.js';
import { nodeRuntime } from '../../../../toolchains/node-runtime.js';
import type { Category } from '../../../findings/finding.js';
import { languageOf } from '../../../engines/source-files.js';
import {
  Analyzer,
  AnalyzerFailed,
  AnalyzerNotNeeded,
  AnalyzerUnavailable,
  type AnalyzerContext,
  type EngineReport,
  type SkippedFile,
} from '../../analyzer.js';
import { engineMounts, EngineProcess, PACKAGES } from '../../process/engine-process.js';
import { cappedByFile } from '../../process/capped.js';
import { suspectsOf } from './suspects.js';
import { engineVersion } from '../../process/engine-version.js';
import { CODE_FOLDER, PYRIGHT_RULES, readPyrightReport } from './pyright-report.js';
import { stubsFor } from './pyright-stubs.js';
import { PythonToolFinder } from './python-tool-finder.js';

const CONFIGURATION = 'pyrightconfig.json';
const STUBS_FOLDER = 'stubs';
const PYTHON_VERSION = '3.14';
const HEAP_MB = 900;
/** Files that break it are left out and the rest tried again, this often. */
const MAX_ROUNDS = 4;

/**
 * pyright: the types of Python where no Python toolchain stands; where there is one, mypy checks them and this engine
 * says so. Missing third-party packages are no type errors.
 */
@Injectable()
export class PyrightAnalyzer extends Analyzer {
  readonly name = 'pyright';
  readonly covers: readonly Category[] = ['types'];
  readonly scope = 'tree';
  readonly canary = {
    path: 'canary.py',
    text: 'count: int = "one"\n',
    ruleId: 'reportAssignmentType',
  };

  constructor(
    private readonly process: EngineProcess,
    private readonly tools: PythonToolFinder,
  ) {
    super();
  }

  override accepts(path: string): boolean {
    return languageOf(path) === 'Python';
  }

  override async version(context: AnalyzerContext): Promise<string> {
    const mypy = await this.tools.find('mypy', context).catch((error: unknown) => {
      if (error instanceof AnalyzerUnavailable) {
        return null;
      }
      throw error;
    });
    if (mypy !== null) {
      throw new AnalyzerNotNeeded('mypy checks the types of Python here');
    }
    return engineVersion('pyright', 'analyzers/types');
  }

  override async analyze(
    files: ReadonlyMap<string, Buffer>,
    context: AnalyzerContext,
  ): Promise<EngineReport> {
    await this.version(context);
    const checked = new Map(files);
    const broken: SkippedFile[] = [];
    for (let round = 1; ; round += 1) {
      const result = await this.check(checked, context.signal);
      const suspects = round < MAX_ROUNDS && checked.size > 1 ? suspectsOf(checked) : [];
      if (!hasCrashed(result) || suspects.length === 0) {
        const report = toReport(result);
        return { ...report, skipped: [...broken, ...report.skipped] };
      }
      suspects.forEach((file) => checked.delete(file));
      broken.push(...suspects.map((file) => ({ file, reason: 'The engine broke on it' })));
    }
  }

  private check(files: ReadonlyMap<string, Buffer>, signal: AbortSignal): Promise<SandboxResult> {
    const { node, mounts } = nodeRuntime();
    return this.process.run(
      {
        files: workspaceOf(files),
        argv: [
          ...[node, `--max-old-space-size=${HEAP_MB}`, `${PACKAGES}/pyright/index.js`],
          ...['--project', CONFIGURATION, '--outputjson'],
        ],
        // No Python may be found: it would be asked for its packages.
        env: { PATH: '/nonexistent' },
        mounts: [...mounts, ...engineMounts()],
      },
      signal,
    );
  }
}

/**
 * The code in a folder of its own beside our configuration: one that is named wins over every other, and the project's
 * could name a virtual environment to read.
 */
function workspaceOf(files: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  const hasSrc = [...files.keys()].some((path) => path.startsWith('src/'));
  const configuration = {
    include: [CODE_FOLDER],
    // In place of the usual: hidden folders are analysed by the other engines too.
    exclude: ['**/__pycache__'],
    stubPath: STUBS_FOLDER,
    executionEnvironments: [
      { root: CODE_FOLDER, extraPaths: hasSrc ? [`${CODE_FOLDER}/src`] : [] },
    ],
    pythonVersion: PYTHON_VERSION,
    // Code for another platform is code all the same.
    pythonPlatform: 'All',
    useLibraryCodeForTypes: false,
    typeCheckingMode: 'off',
    ...Object.fromEntries(Object.keys(PYRIGHT_RULES).map((rule) => [rule, 'error'])),
  };
  return new Map([
    [CONFIGURATION, Buffer.from(JSON.stringify(configuration))],
    ...[...files].map(([path, text]) => [`${CODE_FOLDER}/${path}`, text] as const),
    ...[...stubsFor(files)].map(([path, text]) => [`${STUBS_FOLDER}/${path}`, text] as const),
  ]);
}

/** 2 and 3: it could not check, and says why; 4: it was called wrongly. */
function hasCrashed({ exitCode, signal }: SandboxResult): boolean {
  return signal !== null || exitCode === null || exitCode > 4;
}

/** Exit status 0: no errors, 1: errors, others: it could not check. */
function toReport(result: SandboxResult): EngineReport {
  if (result.outputTruncated) {
    throw new AnalyzerFailed('gave a report that is too long');
  }
  if (result.exitCode !== 0 && result.exitCode !== 1) {
    const why = result.stderr.toString('utf8').trim().slice(-300);
    throw new AnalyzerFailed(`ended with ${result.exitCode ?? String(result.signal)}: ${why}`);
  }
  try {
    const { findings, broken } = readPyrightReport(result.stdout.toString('utf8'));
    const unread = broken.map((file) => ({ file, reason: "pyright can't read it" }));
    const capped = cappedByFile(findings);
    return { findings: capped.findings, skipped: [...unread, ...capped.skipped], reason: null };
  } catch (error) {
    throw new AnalyzerFailed('gave no readable report', { cause: error });
  }
}

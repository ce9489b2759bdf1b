import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import type { Category } from '../../findings/finding.js';
import { languageOf } from '../../engines/source-files.js';
import { Analyzer, type AnalyzerContext, type EngineReport } from '../analyzer.js';
import { runByFile } from '../process/by-file.js';
import { EngineProcess } from '../process/engine-process.js';
import { engineVersion } from '../process/engine-version.js';

const MIB = 1024 * 1024;

/** Ruff: lint, complexity and baseline security of Python, without a Python. */
@Injectable()
export class RuffAnalyzer extends Analyzer {
  readonly name = 'ruff';
  readonly covers: readonly Category[] = ['quality', 'security'];
  readonly scope = 'file';
  readonly canary = { path: 'canary.py', text: 'print(canary)\n', ruleId: 'F821' };

  constructor(
    private readonly engine: EngineProcess,
    private readonly config: AppConfig,
  ) {
    super();
  }

  override accepts(path: string): boolean {
    return languageOf(path) === 'Python';
  }

  override version(): Promise<string> {
    return engineVersion('@astral-sh/ruff-wasm-nodejs', 'analyzers/ruff', 'analyzers/rules');
  }

  override analyze(
    files: ReadonlyMap<string, Buffer>,
    context: AnalyzerContext,
  ): Promise<EngineReport> {
    return runByFile((...args) => this.engine.run(...args), files, context, {
      program: 'ruff/ruff-program.js',
      // Node's optimising compiler would take seconds and hundreds of megabytes for ten megabytes of WebAssembly.
      nodeOptions: ['--liftoff-only'],
      timeLimitMs: this.config.work.commandTimeoutMs,
      memoryBytes: 512 * MIB,
      bytesPerProcess: 2 * MIB,
    });
  }
}

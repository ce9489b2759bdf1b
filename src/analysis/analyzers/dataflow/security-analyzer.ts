import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import type { Category } from '../../findings/finding.js';
import { languageOf } from '../../engines/source-files.js';
import { Analyzer, type AnalyzerContext, type EngineReport } from '../analyzer.js';
import { runByFile } from '../process/by-file.js';
import { ownVersion } from '../process/code-hash.js';
import { EngineProcess } from '../process/engine-process.js';

const LANGUAGES = ['Python', 'JavaScript', 'TypeScript'];
const MIB = 1024 * 1024;

/** Our own rules on data flows, in Python, JavaScript and TypeScript. */
@Injectable()
export class SecurityAnalyzer extends Analyzer {
  readonly name = 'dataflow';
  readonly covers: readonly Category[] = ['security'];
  readonly scope = 'file';
  readonly canary = {
    path: 'canary.py',
    text: 'import os, sys\nos.system("ls " + sys.argv[1])\n',
    ruleId: 'command-injection',
  };

  constructor(
    private readonly engine: EngineProcess,
    private readonly config: AppConfig,
  ) {
    super();
  }

  override accepts(path: string): boolean {
    return LANGUAGES.includes(languageOf(path) ?? '');
  }

  /** Of its own code, rules included: naming it would mean loading it, and a parser of TypeScript with it. */
  override version(): Promise<string> {
    return ownVersion('security', 'analyzers/dataflow', 'analyzers/rules');
  }

  override analyze(
    files: ReadonlyMap<string, Buffer>,
    context: AnalyzerContext,
  ): Promise<EngineReport> {
    return runByFile((...args) => this.engine.run(...args), files, context, {
      program: 'dataflow/dataflow-program.js',
      nodeOptions: ['--max-old-space-size=384'],
      timeLimitMs: this.config.work.commandTimeoutMs,
      memoryBytes: 640 * MIB,
      bytesPerProcess: MIB / 2,
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { SandboxResult } from '../../infra/sandbox/sandbox.js';
import type { Category, Finding } from '../finding.js';
import { languageOf } from '../source-files.js';
import { Analyzer, AnalyzerFailed, type AnalyzerContext, type EngineReport } from './analyzer.js';
import { PythonToolRunner } from './python-tools.js';
import { completeLines } from './report-text.js';
import { readRuffLine } from './ruff-report.js';

const SELECTED: Record<Category, readonly string[]> = {
  quality: ['E', 'F', 'W', 'B', 'C90', 'UP', 'SIM', 'PLE', 'PLR', 'PLW'],
  security: ['S'],
  types: [],
};

/** A number in code is no smell by itself; the other two say again what C901 and PLR0913 say. */
const IGNORED = 'PLR2004,PLR0912,PLR0917';

/** Calls in defaults that FastAPI is meant to be used by. */
const FASTAPI_DEFAULTS = ['Body', 'Cookie', 'Depends', 'File', 'Form', 'Header', 'Path', 'Query']
  .map((name) => `"fastapi.${name}"`)
  .join(',');

/** Ruff: lint, complexity and baseline security of Python. Honours `noqa` as Ruff does. */
@Injectable()
export class RuffAnalyzer extends Analyzer {
  readonly name = 'ruff';
  readonly covers: readonly Category[] = ['quality', 'security'];

  constructor(private readonly tools: PythonToolRunner) {
    super();
  }

  override accepts(path: string): boolean {
    return languageOf(path) === 'Python';
  }

  override async analyze(
    files: ReadonlyMap<string, Buffer>,
    context: AnalyzerContext,
  ): Promise<EngineReport> {
    const tool = await this.tools.find(this.name, context);
    const argv = [
      // Its own program: `python -m ruff` would run a ruff.py of the project's.
      ...[tool.program, 'check', '--isolated', '--no-cache', '--no-respect-gitignore'],
      ...['--output-format', 'json-lines', '--line-length', '120'],
      ...['--select', context.categories.flatMap((name) => SELECTED[name]).join(',')],
      ...['--ignore', IGNORED, '--config', 'exclude=[]'],
      ...['--config', `lint.flake8-bugbear.extend-immutable-calls=[${FASTAPI_DEFAULTS}]`, '.'],
    ];
    const result = await this.tools.run(tool, { argv, files }, context.signal);
    return {
      findings: this.read(result, tool.version, context.categories),
      version: tool.version,
      files: files.size,
      reason: result.outputTruncated ? 'Only the first findings: the report was too long' : null,
    };
  }

  /** Exit status 0: none, 1: findings, 2: it could not check. */
  private read(result: SandboxResult, version: string, categories: readonly Category[]): Finding[] {
    if (result.exitCode !== 0 && result.exitCode !== 1 && !result.outputTruncated) {
      const why = result.stderr.toString('utf8').trim().slice(-300);
      throw new AnalyzerFailed(
        `ended with ${result.exitCode ?? String(result.signal)}: ${why}`,
        version,
      );
    }
    try {
      return completeLines(result.stdout, result.outputTruncated).flatMap(
        (line) => readRuffLine(line, categories) ?? [],
      );
    } catch (error) {
      throw new AnalyzerFailed('gave no readable report', version, { cause: error });
    }
  }
}

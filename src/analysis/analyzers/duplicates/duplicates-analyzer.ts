import { Injectable } from '@nestjs/common';
import type { Category } from '../../findings/finding.js';
import { fileKindOf } from '../../security/file-kinds.js';
import { languageOf } from '../../engines/source-files.js';
import { Analyzer, AnalyzerFailed, type AnalyzerContext, type EngineReport } from '../analyzer.js';
import { ownVersion } from '../process/code-hash.js';
import { EngineProcess, nodeProgram } from '../process/engine-process.js';
import { BLOCK_RULE, readDuplicates } from './duplicates-report.js';

const LANGUAGES = ['Python', 'JavaScript', 'TypeScript'];
const HEAP_MB = 768;

/** Steps of a schema's history: each stays as it is, whatever comes after it. */
const MIGRATIONS = /(^|\/)(migrations?|alembic\/versions)\//i;

/** Code that stands more than once. Tests and migrations are left out: they repeat themselves by nature. */
@Injectable()
export class DuplicatesAnalyzer extends Analyzer {
  readonly name = 'duplicates';
  readonly covers: readonly Category[] = ['quality'];
  readonly scope = 'tree';
  readonly canary = { path: 'canary.py', text: twice(), ruleId: BLOCK_RULE };

  constructor(private readonly process: EngineProcess) {
    super();
  }

  override accepts(path: string): boolean {
    return (
      LANGUAGES.includes(languageOf(path) ?? '') &&
      fileKindOf(path, '') === 'source' &&
      !MIGRATIONS.test(path)
    );
  }

  override version(): Promise<string> {
    return ownVersion('analyzers/duplicates');
  }

  override async analyze(
    files: ReadonlyMap<string, Buffer>,
    { signal, done }: AnalyzerContext,
  ): Promise<EngineReport> {
    const result = await this.process.run(
      {
        ...nodeProgram('duplicates/duplicates-program.js', [`--max-old-space-size=${HEAP_MB}`]),
        files,
      },
      signal,
    );
    if (result.exitCode !== 0) {
      const why = result.stderr.toString('utf8').trim().slice(-300);
      throw new AnalyzerFailed(`ended with ${result.exitCode ?? String(result.signal)}: ${why}`);
    }
    try {
      const report = readDuplicates(result.report.toString('utf8'));
      done(files.size);
      return { ...report, skipped: [], reason: null };
    } catch (error) {
      throw new AnalyzerFailed('gave no readable report', { cause: error });
    }
  }
}

/** Two functions of one body. */
function twice(): string {
  const body = Array.from({ length: 30 }, (_, n) => `    total = total + items[${n}] * ${n + 7}\n`);
  return ['first', 'second']
    .map((name) => `def ${name}(items, total):\n${body.join('')}    return total\n`)
    .join('\n');
}

import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import type { Category, Finding, Severity } from '../finding.js';
import type { SecurityFinding, SecurityReport } from '../security/analyze-security.js';
import { languageOf } from '../source-files.js';
import { Analyzer, AnalyzerFailed, type AnalyzerContext, type EngineReport } from './analyzer.js';

const LANGUAGES = ['Python', 'JavaScript', 'TypeScript'];

/** A thread has no compiler: also where the sources run, as in tests, it is the built file. */
const WORKER = import.meta.url.endsWith('.ts')
  ? new URL('../../../dist/src/analysis/security/security-worker.js', import.meta.url)
  : new URL('../security/security-worker.js', import.meta.url);

const MEMORY_MB = 768;

/** What mending is estimated to take. */
const EFFORT_MINUTES: Record<Severity, number> = { low: 10, medium: 20, high: 30, critical: 60 };

/** Our own rules on data flows, in Python, JavaScript and TypeScript. In a thread of its own: it can be ended at once. */
@Injectable()
export class SecurityAnalyzer extends Analyzer {
  readonly name = 'dataflow';
  readonly covers: readonly Category[] = ['security'];

  constructor(private readonly config: AppConfig) {
    super();
  }

  override accepts(path: string): boolean {
    return LANGUAGES.includes(languageOf(path) ?? '');
  }

  override async analyze(
    files: ReadonlyMap<string, Buffer>,
    { signal }: AnalyzerContext,
  ): Promise<EngineReport> {
    const { report, version } = await this.run(files, signal);
    const [first] = report.skipped;
    return {
      findings: report.findings.map((finding) => toFinding(finding, this.name)),
      version,
      files: report.files,
      reason: first
        ? `${report.skipped.length} files not, or not wholly, analysed, such as ${first.file} (${first.reason})`
        : null,
    };
  }

  private async run(files: ReadonlyMap<string, Buffer>, signal: AbortSignal): Promise<Answer> {
    const texts = new Map([...files].map(([path, content]) => [path, content.toString('utf8')]));
    const worker = new Worker(WORKER, {
      workerData: texts,
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    const limit = AbortSignal.timeout(this.config.work.commandTimeoutMs);
    const either = AbortSignal.any([signal, limit]);
    try {
      return await new Promise<Answer>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', () => reject(new Error('ended without a report')));
        either.addEventListener('abort', () => reject(either.reason as Error), { once: true });
      });
    } catch (error) {
      signal.throwIfAborted();
      throw new AnalyzerFailed(whyFailed(error, limit), null, { cause: error });
    } finally {
      await worker.terminate();
    }
  }
}

interface Answer {
  report: SecurityReport;
  version: string;
}

function whyFailed(error: unknown, limit: AbortSignal): string {
  if (limit.aborted) {
    return 'Ended at its time limit';
  }
  const message = error instanceof Error ? error.message : String(error);
  return /memory limit/.test(message) ? 'Ended at its memory limit' : message;
}

function toFinding(finding: SecurityFinding, engine: string): Finding {
  return {
    rule_id: finding.ruleId,
    engine,
    category: 'security',
    issue: finding.title,
    message: finding.message,
    severity: finding.severity,
    confidence: finding.confidence,
    file: finding.file,
    line: finding.line,
    column: finding.column,
    end_line: finding.endLine,
    recommendation: finding.recommendation,
    cwe: finding.cwe,
    in_tests: finding.inTests,
    effort_minutes: EFFORT_MINUTES[finding.severity],
  };
}

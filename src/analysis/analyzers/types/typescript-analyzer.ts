import { Injectable } from '@nestjs/common';
import type { SandboxResult } from '../../../infra/sandbox/sandbox.js';
import type { Category, Finding } from '../../findings/finding.js';
import { languageOf } from '../../engines/source-files.js';
import {
  Analyzer,
  AnalyzerFailed,
  type AnalyzerContext,
  type EngineReport,
  type SkippedFile,
} from '../analyzer.js';
import { EngineProcess, nodeProgram } from '../process/engine-process.js';
import { engineVersion } from '../process/engine-version.js';
import { completeLines } from '../rules/report-text.js';
import { readProgramLine } from './typescript/report-lines.js';
import { toFinding } from './typescript-report.js';

const HEAP_MB = 900;
const CONFIGURATION = /(^|\/)([tj]sconfig(\.[\w-]+)*|package)\.json$/;

/** TypeScript's own checker, in a jail: missing packages are no type errors. JavaScript only where it asks for it. */
@Injectable()
export class TypescriptAnalyzer extends Analyzer {
  readonly name = 'typescript';
  readonly covers: readonly Category[] = ['types'];
  readonly scope = 'tree';
  readonly canary = {
    path: 'canary.ts',
    text: "export const count: number = 'one';\n",
    ruleId: 'TS2322',
  };

  constructor(private readonly process: EngineProcess) {
    super();
  }

  override accepts(path: string): boolean {
    return ['TypeScript', 'JavaScript'].includes(languageOf(path) ?? '');
  }

  /** Files beside those that it analyses: the projects' compiler options, read as data. */
  override reads(path: string): boolean {
    return CONFIGURATION.test(path);
  }

  override version(): Promise<string> {
    return engineVersion('typescript', 'analyzers/types');
  }

  override async analyze(
    files: ReadonlyMap<string, Buffer>,
    { signal, done }: AnalyzerContext,
  ): Promise<EngineReport> {
    let lines = 0;
    const result = await this.process.run(
      {
        ...nodeProgram('types/typescript/typescript-program.js', [
          `--max-old-space-size=${HEAP_MB}`,
          // It lives for seconds: by the default, a fifth of its time goes into optimising what is hardly called again.
          '--interrupt-budget=300000',
        ]),
        files,
        onReport: (piece) => {
          lines += piece.toString('latin1').split('\n').length - 1;
          done(Math.min(lines, files.size));
        },
      },
      signal,
    );
    return toReport(result);
  }
}

function toReport(result: SandboxResult): EngineReport {
  const findings: Finding[] = [];
  const skipped: SkippedFile[] = [];
  let isWhole = false;
  for (const text of completeLines(result.report, result.reportTruncated)) {
    const line = readProgramLine(text);
    if ('end' in line) {
      isWhole = true;
    } else {
      findings.push(...line.errors.map(toFinding));
      if (line.skipped !== null) {
        skipped.push({ file: line.file, reason: line.skipped });
      }
    }
  }
  if (!isWhole && !result.reportTruncated) {
    throw new AnalyzerFailed(whyEnded(result));
  }
  return {
    findings,
    skipped,
    reason: result.reportTruncated ? 'Only the first errors: the report was too long' : null,
  };
}

function whyEnded({ stderr, exitCode, signal }: SandboxResult): string {
  const said = stderr.toString('utf8');
  return /heap (limit|out of memory)/.test(said)
    ? 'Ended at its memory limit'
    : `ended with ${exitCode ?? String(signal)}: ${said.trim().slice(-300)}`;
}

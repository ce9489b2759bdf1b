import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import type { SandboxResult } from '../../infra/sandbox/sandbox.js';
import type { Category, Finding } from '../finding.js';
import { counted, languageOf } from '../source-files.js';
import { Analyzer, AnalyzerFailed, type AnalyzerContext, type EngineReport } from './analyzer.js';
import { readMypyLine } from './mypy-report.js';
import { PythonToolRunner, type PythonTool } from './python-tools.js';
import { completeLines } from './report-text.js';

/** One unreadable file stops mypy altogether: it is left out and the rest tried again, this often. */
const MAX_ROUNDS = 10;

const TEMPLATES = fileURLToPath(new URL('templates', import.meta.url));
/** Where the sandbox sees them. */
const CONFIGURATION = '/configuration';

/** The newest that mypy knows, so that no new syntax is an error; older code is valid in it too. */
const PYTHON_VERSION = '3.14';

/** Folders that mypy never looks into. */
const HIDDEN = /(^|\/)(\.[^/]*|__pycache__)\//;

/** mypy: the types of Python. Missing third-party packages are no type errors. */
@Injectable()
export class MypyAnalyzer extends Analyzer {
  readonly name = 'mypy';
  readonly covers: readonly Category[] = ['types'];

  constructor(private readonly tools: PythonToolRunner) {
    super();
  }

  override accepts(path: string): boolean {
    return languageOf(path) === 'Python' && !HIDDEN.test(path);
  }

  override async analyze(
    files: ReadonlyMap<string, Buffer>,
    context: AnalyzerContext,
  ): Promise<EngineReport> {
    const tool = await this.tools.find(this.name, context);
    const checked = new Map(files);
    const leftOut: string[] = [];
    for (let round = 1; checked.size > 0; round += 1) {
      const result = await this.tools.run(tool, toCommand(tool, checked), context.signal);
      const findings = read(result, tool.version);
      if (result.exitCode === 0 || result.exitCode === 1) {
        return {
          findings,
          version: tool.version,
          files: checked.size,
          reason: reasonFor(leftOut, result.outputTruncated),
        };
      }
      const blocking = [...new Set(findings.map((finding) => finding.file))].filter((file) =>
        checked.delete(file),
      );
      if (blocking.length === 0 || round === MAX_ROUNDS) {
        throw new AnalyzerFailed(whyBlocked(result, findings), tool.version);
      }
      leftOut.push(...blocking);
    }
    throw new AnalyzerFailed(`No file could be checked: ${leftOut.join(', ')}`, tool.version);
  }
}

function toCommand(tool: PythonTool, files: ReadonlyMap<string, Buffer>) {
  const hasSrc = [...files.keys()].some((path) => path.startsWith('src/'));
  return {
    files,
    argv: [
      // Isolated (-I): else Python itself would run a typing.py or mypy.py of the project's.
      ...[tool.python, '-I', '-m', 'mypy'],
      // Our own configuration: that of a project could name plugins, which are code.
      ...['--config-file', `${CONFIGURATION}/mypy.ini`, '--cache-dir=/dev/null'],
      ...['--python-version', PYTHON_VERSION, '--python-executable', tool.python],
      // Two files of one name in folders without __init__.py are two modules.
      ...['--namespace-packages', '--explicit-package-bases'],
      ...['--ignore-missing-imports', '--check-untyped-defs'],
      ...['--output', 'json', '--show-error-end', '--no-error-summary', '.'],
    ],
    env: { MYPYPATH: hasSrc ? 'src:.' : '.' },
    mounts: [{ host: TEMPLATES, inside: CONFIGURATION }],
  };
}

function read(result: SandboxResult, version: string): Finding[] {
  try {
    return completeLines(result.stdout, result.outputTruncated).flatMap(
      (line) => readMypyLine(line) ?? [],
    );
  } catch (error) {
    throw new AnalyzerFailed(
      `gave no readable report: ${result.stderr.toString('utf8').trim().slice(-300)}`,
      version,
      { cause: error },
    );
  }
}

function reasonFor(leftOut: string[], isCut: boolean): string | null {
  const reasons = [
    ...(leftOut.length > 0
      ? [`${counted(leftOut.length)} can't be read by mypy: ${leftOut.slice(0, 5).join(', ')}`]
      : []),
    ...(isCut ? ['Only the first errors: the report was too long'] : []),
  ];
  return reasons.length > 0 ? reasons.join('. ') : null;
}

function whyBlocked(result: SandboxResult, findings: Finding[]): string {
  const said = result.stderr.toString('utf8').trim().slice(-300);
  return findings[0]?.message ?? (said || `ended with ${result.exitCode ?? String(result.signal)}`);
}

import { fileURLToPath } from 'node:url';
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
import { codeHash } from '../process/code-hash.js';
import { EngineProcess } from '../process/engine-process.js';
import { completeLines } from '../rules/report-text.js';
import { readMypyLine } from './mypy-report.js';
import { cappedByFile } from '../process/capped.js';
import { suspectsOf } from './suspects.js';
import { sureErrors } from './sure-errors.js';
import { PythonToolFinder, type PythonTool } from './python-tool-finder.js';

/** One unreadable file, or one that breaks it, stops mypy altogether: it is left out and the rest tried again, this often. */
const MAX_ROUNDS = 10;

const TEMPLATES = fileURLToPath(new URL('templates', import.meta.url));
/** Where the sandbox sees them. */
const CONFIGURATION = '/configuration';

/** The newest that mypy knows, so that no new syntax is an error; older code is valid in it too. */
const PYTHON_VERSION = '3.14';

/** Folders that mypy never looks into. */
const HIDDEN = /(^|\/)(\.[^/]*|__pycache__)\//;

/** mypy: the types of Python, where the Python toolchain stands. Missing third-party packages are no type errors. */
@Injectable()
export class MypyAnalyzer extends Analyzer {
  readonly name = 'mypy';
  readonly covers: readonly Category[] = ['types'];
  readonly scope = 'tree';
  readonly canary = { path: 'canary.py', text: 'count: int = "one"\n', ruleId: 'assignment' };

  constructor(
    private readonly process: EngineProcess,
    private readonly tools: PythonToolFinder,
  ) {
    super();
  }

  override accepts(path: string): boolean {
    return languageOf(path) === 'Python' && !HIDDEN.test(path);
  }

  override async version(context: AnalyzerContext): Promise<string> {
    const { version } = await this.tools.find(this.name, context);
    return `${version}+${await codeHash('analyzers/types')}`;
  }

  override async analyze(
    files: ReadonlyMap<string, Buffer>,
    context: AnalyzerContext,
  ): Promise<EngineReport> {
    const tool = await this.tools.find(this.name, context);
    const checked = new Map(files);
    const skipped: SkippedFile[] = [];
    const leaveOut = (paths: readonly string[], reason: string, round: number, why: string) => {
      const left = paths.filter((file) => checked.delete(file));
      if (left.length === 0 || round === MAX_ROUNDS) {
        throw new AnalyzerFailed(why);
      }
      skipped.push(...left.map((file) => ({ file, reason })));
      context.done(skipped.length);
    };
    for (let round = 1; checked.size > 0; round += 1) {
      const result = await this.process.run(toCommand(tool, checked), context.signal);
      if (hasCrashed(result)) {
        leaveOut(suspectsOf(checked), 'The engine broke on it', round, whyBlocked(result, []));
        continue;
      }
      const findings = read(result);
      if (result.exitCode === 0 || result.exitCode === 1) {
        const capped = cappedByFile(sureErrors(findings, files));
        return {
          findings: capped.findings,
          skipped: [...skipped, ...capped.skipped],
          reason: result.outputTruncated ? 'Only the first errors: the report was too long' : null,
        };
      }
      const blocking = [...new Set(findings.map((finding) => finding.file))];
      leaveOut(blocking, "mypy can't read it", round, whyBlocked(result, findings));
    }
    throw new AnalyzerFailed(
      `No file could be checked: ${skipped
        .slice(0, 5)
        .map(({ file }) => file)
        .join(', ')}`,
    );
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
    mounts: [...tool.mounts, { host: TEMPLATES, inside: CONFIGURATION }],
  };
}

/** Killed by a signal, which the sandbox's own exit status tells as well, or ended by an error of its own. */
function hasCrashed({ exitCode, signal, stderr }: SandboxResult): boolean {
  return (
    signal !== null ||
    exitCode === null ||
    exitCode > 2 ||
    /INTERNAL ERROR|RecursionError|MemoryError/.test(stderr.toString('utf8'))
  );
}

function read(result: SandboxResult): Finding[] {
  try {
    return completeLines(result.stdout, result.outputTruncated).flatMap(
      (line) => readMypyLine(line) ?? [],
    );
  } catch (error) {
    throw new AnalyzerFailed(
      `gave no readable report: ${result.stderr.toString('utf8').trim().slice(-300)}`,
      { cause: error },
    );
  }
}

function whyBlocked(result: SandboxResult, findings: Finding[]): string {
  const said = result.stderr.toString('utf8').trim().slice(-300);
  return findings[0]?.message ?? (said || `ended with ${result.exitCode ?? String(result.signal)}`);
}

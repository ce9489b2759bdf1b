import { Injectable } from '@nestjs/common';
import type { SandboxResult } from '../../../../infra/sandbox/sandbox.js';
import type { Category, Finding } from '../../../findings/finding.js';
import { languageOf } from '../../../engines/source-files.js';
import {
  Analyzer,
  AnalyzerFailed,
  type AnalyzerContext,
  type EngineReport,
  type SkippedFile,
} from '../../analyzer.js';
import { codeHash } from '../../process/code-hash.js';
import { EngineProcess } from '../../process/engine-process.js';
import { completeLines } from '../../rules/report-text.js';
import { declaresPackages, moduleOf, otherReleases } from '../declared-packages.js';
import { readMypyLine } from './mypy-report.js';
import { cappedByFile } from '../../process/capped.js';
import { suspectsOf } from './suspects.js';
import { sureErrors } from './sure-errors.js';
import { PythonToolFinder, type PythonTool } from './python-tool-finder.js';

/** One unreadable file, or one that breaks it, stops mypy altogether: it is left out and the rest tried again, this often. */
const MAX_ROUNDS = 10;

/** In a hidden folder: of the project's own none are handed on. */
const CONFIGURATION = '.configuration/mypy.ini';

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

  override reads(path: string): boolean {
    return declaresPackages(path);
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
    const others = otherReleases(files, tool.packages);
    const checked = new Map([...files].filter(([path]) => this.accepts(path)));
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
      const result = await this.process.run(toCommand(tool, checked, others), context.signal);
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
          remark: remarkOn(others, tool.packages),
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

function toCommand(
  tool: PythonTool,
  files: ReadonlyMap<string, Buffer>,
  others: ReadonlyMap<string, string>,
) {
  const hasSrc = [...files.keys()].some((path) => path.startsWith('src/'));
  return {
    files: new Map([...files, [CONFIGURATION, Buffer.from(configurationFor(others.keys()))]]),
    argv: [
      // Isolated (-I): else Python itself would run a typing.py or mypy.py of the project's.
      ...[tool.python, '-I', '-m', 'mypy'],
      // Our own configuration: that of a project could name plugins, which are code.
      ...['--config-file', CONFIGURATION, '--cache-dir=/dev/null'],
      ...['--python-version', PYTHON_VERSION, '--python-executable', tool.python],
      // Two files of one name in folders without __init__.py are two modules.
      ...['--namespace-packages', '--explicit-package-bases'],
      ...['--ignore-missing-imports', '--check-untyped-defs'],
      ...['--output', 'json', '--show-error-end', '--no-error-summary', '.'],
    ],
    env: { MYPYPATH: hasSrc ? 'src:.' : '.' },
    mounts: tool.mounts,
  };
}

/**
 * The plugin is the toolchain's own: without it mypy takes pydantic's settings and defaults for errors.
 *
 * @param others Packages whose installed release is not the project's: as if they were missing.
 */
function configurationFor(others: Iterable<string>): string {
  const sections = [...others].map((name) => {
    return `[mypy-${moduleOf(name)}.*]\nfollow_imports = skip\nfollow_imports_for_stubs = True\n`;
  });
  return ['[mypy]\nplugins = pydantic.mypy\n', ...sections].join('');
}

function remarkOn(
  others: ReadonlyMap<string, string>,
  installed: ReadonlyMap<string, string>,
): string | null {
  const named = [...others].map(
    ([name, asked]) => `${name} (${asked}; here ${installed.get(name) ?? ''})`,
  );
  return named.length === 0
    ? null
    : `Without the types of packages in releases that the project doesn't ask for: ${named.join(', ')}`;
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

import { extname } from 'node:path';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import type { SandboxResult } from '../../../infra/sandbox/sandbox.js';
import { nodeRuntime } from '../../../toolchains/node-runtime.js';
import type { Category, Finding } from '../../findings/finding.js';
import { languageOf } from '../../engines/source-files.js';
import {
  Analyzer,
  AnalyzerFailed,
  AnalyzerUnavailable,
  type AnalyzerContext,
  type EngineReport,
} from '../analyzer.js';
import { engineMounts, EngineProcess, PACKAGES } from '../process/engine-process.js';
import { engineVersion } from '../process/engine-version.js';
import { inParts } from '../process/in-parts.js';
import { OXLINT_CONFIG, REACT_TRAIT } from './oxlint-config.js';
import { readOxlintReport, type NamedSource } from './oxlint-report.js';

const LANGUAGES = ['JavaScript', 'TypeScript'];
const DECLARATIONS = /\.d\.[cm]?ts$/i;
const CONFIG_FILE = 'oxlint-config.json';
/** The project's files lie in a folder of their own, under numbers: none of their names means anything to oxlint. */
const SOURCES = 'sources';
/** A hundred thousand lines take a third of a second. */
const TIME_LIMIT_MS = 20_000;
const REACT = /['"](?:react|preact)(?:\/[\w-]+)*['"]/;
const OTHER_JSX = /['"](?:solid-js|@builder\.io\/qwik|hono\/jsx)/;

/** Oxlint: lint and complexity of JavaScript and TypeScript. */
@Injectable()
export class OxlintAnalyzer extends Analyzer {
  readonly name = 'oxlint';
  readonly covers: readonly Category[] = ['quality'];
  readonly scope = 'file';
  readonly canary = {
    path: 'canary.ts',
    text: 'export const canary = { a: 1, a: 2 };\n',
    ruleId: 'no-dupe-keys',
  };

  constructor(
    private readonly engine: EngineProcess,
    private readonly config: AppConfig,
  ) {
    super();
  }

  /** Declarations are written by machines, or follow what they declare. */
  override accepts(path: string): boolean {
    return LANGUAGES.includes(languageOf(path) ?? '') && !DECLARATIONS.test(path);
  }

  override version(): Promise<string> {
    return engineVersion('oxlint', 'analyzers/oxlint', 'analyzers/rules');
  }

  override analyze(
    files: ReadonlyMap<string, Buffer>,
    context: AnalyzerContext,
  ): Promise<EngineReport> {
    return inParts(files, context, (part) => this.lint(part, context.signal), {
      timeLimitMs: this.config.work.commandTimeoutMs,
    });
  }

  /** @returns `null`: it broke on some file. */
  private async lint(
    files: readonly NamedSource[],
    signal: AbortSignal,
  ): Promise<Finding[] | null> {
    const named = new Map(files.map((file, index) => [workspaceName(file, index), file]));
    const { node, mounts } = nodeRuntime();
    const result = await this.engine
      .run(
        {
          argv: [
            ...[node, `${PACKAGES}/oxlint/bin/oxlint`],
            ...['--config', CONFIG_FILE, '--disable-nested-config', '--no-ignore'],
            ...['--threads', '2', '--format', 'json', SOURCES],
          ],
          mounts: [...mounts, ...engineMounts()],
          files: new Map([
            [CONFIG_FILE, Buffer.from(JSON.stringify(OXLINT_CONFIG))],
            ...[...named].map(([name, { content }]): [string, Buffer] => [
              `${SOURCES}/${name}`,
              content,
            ]),
          ]),
          limits: { timeoutMs: TIME_LIMIT_MS },
        },
        signal,
      )
      .catch((error: unknown) => {
        if (error instanceof AnalyzerFailed) {
          return null;
        }
        throw error;
      });
    return result && read(result, named);
  }
}

function read(result: SandboxResult, named: ReadonlyMap<string, NamedSource>): Finding[] | null {
  if (result.signal !== null || result.outputTruncated) {
    return null;
  }
  const stderr = result.stderr.toString('utf8');
  if (/native binding|@oxlint\/binding|Cannot find (?:module|package)/.test(stderr)) {
    throw new AnalyzerUnavailable(
      `oxlint's package for this platform (@oxlint/binding-${process.platform}-${process.arch}...) is not installed: ` +
        'run npm ci on this machine, with optional packages',
    );
  }
  try {
    return readOxlintReport(result.stdout, named);
  } catch (error) {
    const said = `${result.stdout.toString('utf8').slice(0, 300)} ${stderr.slice(-300)}`.trim();
    throw new AnalyzerFailed(`gave no readable report: ${said}`, { cause: error });
  }
}

function workspaceName({ path, content }: NamedSource, index: number): string {
  const text = content.toString('utf8');
  const ending = extname(path).toLowerCase();
  const hasJsx = ['.jsx', '.tsx'].includes(ending) && !OTHER_JSX.test(text);
  return [index, ...(REACT.test(text) || hasJsx ? [REACT_TRAIT] : [])].join('.').concat(ending);
}

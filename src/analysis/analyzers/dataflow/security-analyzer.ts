import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import { type Category, CONFIDENCES, type Finding } from '../../findings/finding.js';
import { ImportGraph } from '../../security/project/import-graph.js';
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

  /** By the tree: an analysis asks for the keys of its answers, and again for its run. */
  private readonly reachable = new WeakMap<
    ReadonlyMap<string, Buffer>,
    (path: string) => readonly string[]
  >();

  constructor(
    private readonly engine: EngineProcess,
    private readonly config: AppConfig,
  ) {
    super();
  }

  override accepts(path: string): boolean {
    return LANGUAGES.includes(languageOf(path) ?? '');
  }

  /** Flows cross files: what was found from one depends on those that it reaches by its imports. */
  override dependencies(files: ReadonlyMap<string, Buffer>): (path: string) => readonly string[] {
    const known = this.reachable.get(files);
    if (known) {
      return known;
    }
    const graph = new ImportGraph((path) => files.get(path)?.toString('utf8'));
    const reachable = new Map<string, readonly string[]>();
    const ofFile = (path: string): readonly string[] => {
      const found = reachable.get(path) ?? graph.reachable(path);
      reachable.set(path, found);
      return found;
    };
    this.reachable.set(files, ofFile);
    return ofFile;
  }

  /** Of one flaw that was found from several files, what is surest. */
  override combined(findings: readonly Finding[]): readonly Finding[] {
    const surest = new Map<string, Finding>();
    for (const finding of findings) {
      const key = `${finding.file}:${finding.line}:${finding.rule_id}`;
      const other = surest.get(key);
      if (!other || isSurer(finding, other)) {
        surest.set(key, finding);
      }
    }
    return [...surest.values()];
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
      // Nearly all that it makes is short-lived: with more room for that, little of it is copied.
      nodeOptions: [
        '--max-old-space-size=384',
        '--min-semi-space-size=16',
        '--max-semi-space-size=32',
        // It lives for seconds, and its code is spread wide: by the default, a third of its time goes into optimising
        // functions that are then hardly called again.
        '--interrupt-budget=1000000',
      ],
      timeLimitMs: this.config.work.commandTimeoutMs,
      memoryBytes: 640 * MIB,
      bytesPerProcess: MIB / 2,
      dependencies: this.dependencies(context.tree ?? files),
    });
  }
}

/** Of two that are as sure the one with the shorter way, in whatever order they came. */
function isSurer(a: Finding, b: Finding): boolean {
  const difference =
    CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
    b.trace.length - a.trace.length;
  return difference === 0 ? JSON.stringify(a.trace) < JSON.stringify(b.trace) : difference > 0;
}

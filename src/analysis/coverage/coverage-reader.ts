import { Injectable } from '@nestjs/common';
import { AnalyzerFailed, AnalyzerUnavailable } from '../analyzers/analyzer.js';
import { EngineProcess, nodeProgram } from '../analyzers/process/engine-process.js';
import type { CoverageSearch } from './find-coverage.js';
import { candidatesOf, INDEX_FILE } from './report-files.js';

const TIMEOUT_MS = 20_000;
const HEAP_MB = 512;
const NOTHING = 'The coverage reports in the source could not be read';

/** Reads the coverage reports of a tree in a process of its own: what they hold is as hostile as the code. */
@Injectable()
export class CoverageReader {
  constructor(private readonly process: EngineProcess) {}

  /**
   * @param sourcePaths What coverage is asked of.
   * @throws the signal's reason when aborted
   */
  async read(
    files: ReadonlyMap<string, Buffer>,
    sourcePaths: readonly string[],
    signal: AbortSignal,
  ): Promise<CoverageSearch> {
    const reports = candidatesOf(files.keys());
    if (reports.length === 0) {
      return { coverage: null, notes: [] };
    }
    const paths = [...new Set([...reports, ...sourcePaths])];
    const index = JSON.stringify({ files: paths, sourcePaths });
    try {
      const { exitCode, report } = await this.process.run(
        {
          ...nodeProgram('../coverage/coverage-program.js', [`--max-old-space-size=${HEAP_MB}`]),
          files: new Map([
            [INDEX_FILE, Buffer.from(index)],
            ...paths.map((path, number): [string, Buffer] => [
              String(number),
              files.get(path) ?? Buffer.alloc(0),
            ]),
          ]),
          limits: { timeoutMs: TIMEOUT_MS },
        },
        signal,
      );
      return exitCode === 0
        ? (JSON.parse(report.toString('utf8')) as CoverageSearch)
        : { coverage: null, notes: [NOTHING] };
    } catch (error) {
      if (error instanceof AnalyzerFailed || error instanceof AnalyzerUnavailable) {
        return { coverage: null, notes: [`${NOTHING}: ${error.message}`] };
      }
      throw error;
    }
  }
}

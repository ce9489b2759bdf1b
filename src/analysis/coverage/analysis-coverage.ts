import { Injectable } from '@nestjs/common';
import type { Coverage } from '../analysis-results.js';
import { AnalysisSource } from '../analysis-source.js';
import { CoverageReader } from './coverage-reader.js';
import type { SourceFile } from '../engines/source-files.js';

export interface KnownCoverage {
  /** `null`: nothing tells. */
  coverage: Coverage | null;
  notes: string[];
}

/** What is known of the tests' line coverage: never an estimate, and never 0 where nothing is known. */
@Injectable()
export class AnalysisCoverage {
  constructor(
    private readonly source: AnalysisSource,
    private readonly reader: CoverageReader,
  ) {}

  /**
   * The completed build that made exactly this snapshot measured it, or a report in the source tells.
   *
   * @param files The source, with the reports that lie in it.
   * @throws the signal's reason when aborted
   */
  async of(
    snapshotId: string | null,
    files: ReadonlyMap<string, Buffer>,
    code: ReadonlyMap<string, SourceFile>,
    signal: AbortSignal,
  ): Promise<KnownCoverage> {
    const percent = await this.source.measuredCoverage(snapshotId);
    if (percent !== null) {
      const coverage = { source: 'build', report: null, lines: null, covered: null, percent };
      return { coverage, notes: [] };
    }
    const shipped = [...code].filter(([, { isTest }]) => !isTest).map(([path]) => path);
    const { coverage, notes } = await this.reader.read(files, shipped, signal);
    if (!coverage) {
      return { coverage, notes };
    }
    const { format, source: report, lines, covered, percent: stated } = coverage;
    return { coverage: { source: format, report, lines, covered, percent: stated }, notes };
  }
}

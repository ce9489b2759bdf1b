import { Injectable } from '@nestjs/common';
import type { Log } from 'sarif';
import type { Principal } from '../../auth/principal.js';
import { API_VERSION } from '../../common/api-version.js';
import { AnalysisService } from '../analysis-service.js';
import { FindingsStore, type StoredFinding } from '../findings/findings-store.js';
import { AnalysisSource } from '../analysis-source.js';
import { toReportInput } from './html/to-report-input.js';
import { renderReport, type RenderedReport } from './html/render-report.js';
import { toSarif } from './sarif.js';
import { Trend } from '../../projects/trend.js';

/** More than code scanning services show of one log. */
const MAX_SARIF_RESULTS = 10_000;
/** The page shows fewer with their source, and counts the rest. */
const MAX_PAGE_FINDINGS = 2_000;
/** Analyses in the picture of the trend. */
const MAX_TREND = 30;

/** Analyses in the forms that other tools and people read. */
@Injectable()
export class AnalysisReports {
  constructor(
    private readonly analyses: AnalysisService,
    private readonly findings: FindingsStore,
    private readonly source: AnalysisSource,
    private readonly trend: Trend,
  ) {}

  /** @throws ApiError as `AnalysisService.completed` does */
  async sarif(user: Principal, id: string): Promise<Log> {
    const analysis = await this.analyses.completed(user, id);
    const { total, findings } = await this.findings.all(analysis, MAX_SARIF_RESULTS);
    const { engines, notes, baseline } = analysis.results;
    return toSarif({
      analysisId: analysis.id,
      projectName: analysis.projectName,
      startedAt: analysis.startedAt,
      finishedAt: analysis.finishedAt,
      productVersion: API_VERSION,
      engines,
      findings,
      findingsTotal: total,
      notes,
      baselineAnalysisId: baseline?.analysis_id ?? null,
      comments: commentsOn(findings),
    });
  }

  /** @throws ApiError as `AnalysisService.completed` does */
  async html(user: Principal, id: string): Promise<RenderedReport> {
    const analysis = await this.analyses.completed(user, id);
    const [page, trend] = await Promise.all([
      this.findings.all(analysis, MAX_PAGE_FINDINGS),
      this.trend.of(analysis, MAX_TREND),
    ]);
    const paths = page.findings.flatMap(({ file, trace }) => [
      file,
      ...trace.map((step) => step.file),
    ]);
    const source = await this.source.readSome(analysis.input, [...new Set(paths)]);
    // What came later is of no concern to this analysis.
    const upToThis = trend.filter(({ timestamp }) => timestamp <= analysis.createdAt.toISOString());
    return renderReport(toReportInput(analysis, page, upToThis, source));
  }
}

function commentsOn(findings: readonly StoredFinding[]): Map<string, string> {
  return new Map(
    findings.flatMap(({ fingerprint, comment }) => (comment ? [[fingerprint, comment]] : [])),
  );
}

import { Injectable } from '@nestjs/common';
import { Database } from '../infra/database/database.js';

/** What one completed analysis of a project's source measured (files of a request are none of it); `null` where it wasn't asked for or not to be found out. */
export interface TrendPoint {
  analysis_id: string;
  timestamp: string;
  snapshot: string;
  quality_score: number | null;
  security_issues: number | null;
  /** Of all categories, in the default view. */
  issues: number | null;
  code_smells: number | null;
  type_errors: number | null;
  coverage_percent: number | null;
  duplicated_percent: number | null;
  lines: number | null;
  gate: 'passed' | 'failed' | null;
}

const NEWEST_SCORE = {
  name: 'analysis_newest_score',
  text: `
    SELECT results->'quality_score' AS score
    FROM tasks WHERE kind = 'analysis' AND status = 'completed' AND owner = $1 AND project_name = $2
      AND input->>'snapshot_id' IS NOT NULL AND json_typeof(results->'quality_score') = 'number'
    ORDER BY created_at DESC LIMIT 1`,
};

const NEWEST = {
  name: 'analysis_trend',
  text: `
    SELECT id AS analysis_id, created_at, input->>'snapshot_id' AS snapshot,
           results->'quality_score' AS quality_score,
           results->'security_issues_total' AS security_issues,
           results->'issues_total' AS issues, results->'code_smells' AS code_smells, results->'type_errors' AS type_errors,
           results->'coverage_percent' AS coverage_percent,
           results->'metrics'->'duplicated_percent' AS duplicated_percent,
           results->'metrics'->'lines' AS lines, results->>'gate' AS gate
    FROM tasks WHERE kind = 'analysis' AND status = 'completed' AND owner = $1 AND project_name = $2
      AND input->>'snapshot_id' IS NOT NULL
    ORDER BY created_at DESC LIMIT $3`,
};

type Row = Omit<TrendPoint, 'timestamp'> & { created_at: Date };

/** How a project's analyses developed, as their results tell. */
@Injectable()
export class Trend {
  constructor(private readonly db: Database) {}

  /** The newest completed analyses, oldest first. */
  async of(
    { owner, projectName }: { owner: string; projectName: string },
    limit: number,
  ): Promise<TrendPoint[]> {
    const rows = await this.db.query<Row>(NEWEST, [owner, projectName, limit]);
    return rows
      .map(({ analysis_id, created_at, ...measures }) => ({
        analysis_id,
        timestamp: created_at.toISOString(),
        ...measures,
      }))
      .reverse();
  }

  /** Of the newest analysis that was asked for one; `null`: none was, or there was nothing to score. */
  async scoreOf({
    owner,
    projectName,
  }: {
    owner: string;
    projectName: string;
  }): Promise<number | null> {
    const [row] = await this.db.query<{ score: number }>(NEWEST_SCORE, [owner, projectName]);
    return row?.score ?? null;
  }
}

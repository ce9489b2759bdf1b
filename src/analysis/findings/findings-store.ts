import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../infra/database/database.js';
import type { EarlierAnalysis, FixedFinding } from '../verdict/baseline.js';
import { isInDefaultView } from './default-view.js';
import type { Category, FindingStatus, ReportedFinding } from './finding.js';
import type { FindingFilter } from './finding-filter.js';
import type { Analysis } from '../analysis.entity.js';

/** Of one analysis; beyond these, its totals alone tell. */
export const MAX_FINDINGS = 50_000;
/** In one statement. */
const BATCH = 2_000;
/** Number of the first parameter behind those that every select has. */
const FIRST_CONDITION = 6;

const STATEMENTS = {
  insert: {
    name: 'findings_insert',
    text: `
      INSERT INTO analysis_findings (analysis_id, position, fingerprint, category, severity, rule_id, engine,
                                     file, in_default_view, body)
      SELECT $1, * FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                               $9::boolean[], $10::json[])`,
  },
  earlier: {
    name: 'findings_earlier_analysis',
    text: `
      SELECT id, created_at, results->'answered_types' AS answered FROM tasks
      WHERE kind = 'analysis' AND status = 'completed' AND owner = $1 AND project_name = $2
        AND created_at < $3 AND (input->>'snapshot_id' IS NULL) = $4
        AND (results->'answered_types')::jsonb @> $5::jsonb
      ORDER BY created_at DESC LIMIT 1`,
  },
  fingerprints: {
    name: 'findings_fingerprints',
    text: `
      SELECT fingerprint, file,
             CASE WHEN in_default_view THEN json_build_object(
               'rule_id', rule_id, 'engine', engine, 'issue', body->'issue', 'severity', severity, 'category', category,
               'file', file, 'line', body->'line', 'fingerprint', fingerprint) END AS shown
      FROM analysis_findings WHERE analysis_id = $1 ORDER BY position`,
  },
};

/** A finding as it is read back, with what people have decided since. */
export interface StoredFinding extends ReportedFinding {
  /** Why its status is what it is; `null`: nobody said. */
  comment: string | null;
}

type AnalysisRef = Pick<Analysis, 'id' | 'owner' | 'projectName'>;

export interface FindingPage {
  total: number;
  findings: StoredFinding[];
}

interface Row {
  body: ReportedFinding;
  status: FindingStatus | null;
  comment: string | null;
  total: number;
}

/** Findings of analyses, as rows: they are read by page and by filter. */
@Injectable()
export class FindingsStore {
  constructor(private readonly db: Database) {}

  /** @param findings The worst first. */
  async write(
    tx: Queryable,
    analysisId: string,
    findings: readonly ReportedFinding[],
  ): Promise<void> {
    const kept = findings.slice(0, MAX_FINDINGS);
    for (let start = 0; start < kept.length; start += BATCH) {
      const batch = kept.slice(start, start + BATCH);
      await tx.query(STATEMENTS.insert, [
        analysisId,
        batch.map((_, index) => start + index),
        batch.map((finding) => finding.fingerprint),
        batch.map((finding) => finding.category),
        batch.map((finding) => finding.severity),
        batch.map((finding) => finding.rule_id),
        batch.map((finding) => finding.engine),
        batch.map((finding) => finding.file),
        batch.map(isInDefaultView),
        batch.map((finding) => JSON.stringify(finding)),
      ]);
    }
  }

  /** The newest completed analysis of the project before this one that looked for all that this one did. */
  async earlierThan(
    { owner, projectName, createdAt, input }: Analysis,
    answered: ReadonlySet<Category>,
  ): Promise<EarlierAnalysis | null> {
    const [earlier] = await this.db.query<{ id: string; created_at: Date; answered: Category[] }>(
      STATEMENTS.earlier,
      [owner, projectName, createdAt, input.snapshot_id === null, JSON.stringify([...answered])],
    );
    if (!earlier) {
      return null;
    }
    const rows = await this.db.query<{
      fingerprint: string;
      file: string;
      shown: FixedFinding | null;
    }>(STATEMENTS.fingerprints, [earlier.id]);
    return {
      id: earlier.id,
      timestamp: earlier.created_at.toISOString(),
      answered: new Set(earlier.answered),
      fingerprints: new Set(rows.map(({ fingerprint }) => fingerprint)),
      files: new Set(rows.map(({ file }) => file)),
      shown: rows.flatMap(({ shown }) => shown ?? []),
    };
  }

  /** The worst first, with the status that each has now. */
  async page(analysis: AnalysisRef, filter: FindingFilter): Promise<FindingPage> {
    const values: unknown[] = [];
    const conditions = conditionsOf(filter, values);
    const rows = await this.select(analysis, conditions, values, filter);
    if (rows[0] || filter.offset === 0) {
      return { total: rows[0]?.total ?? 0, findings: rows.map(toStored) };
    }
    // Behind the last page there is no row to bear the total.
    const [first] = await this.select(analysis, conditions, values, { limit: 1, offset: 0 });
    return { total: first?.total ?? 0, findings: [] };
  }

  /** Every finding, the worst first; `limit` at most. */
  async all(analysis: AnalysisRef, limit: number): Promise<FindingPage> {
    const rows = await this.select(analysis, [], [], { limit, offset: 0 });
    return { total: rows[0]?.total ?? 0, findings: rows.map(toStored) };
  }

  /** The default view of one category, or of all. */
  async shown(
    analysis: AnalysisRef,
    category: Category | null,
    limit: number,
  ): Promise<StoredFinding[]> {
    const conditions = ['f.in_default_view', ...(category ? ['f.category = $6'] : [])];
    const values = category ? [category] : [];
    const rows = await this.select(analysis, conditions, values, { limit, offset: 0 });
    return rows.map(toStored);
  }

  /** What a comment silenced, or people had decided about before the analysis. */
  async suppressed(analysis: AnalysisRef, limit: number): Promise<StoredFinding[]> {
    const conditions = [`(f.body->>'suppression' IS NOT NULL OR f.body->>'status' <> 'open')`];
    const rows = await this.select(analysis, conditions, [], { limit, offset: 0 });
    return rows.map(toStored);
  }

  /** @param values Of the conditions, from `$6` on. */
  private select(
    { id, owner, projectName }: AnalysisRef,
    conditions: readonly string[],
    values: readonly unknown[],
    { limit, offset }: { limit: number; offset: number },
  ): Promise<Row[]> {
    return this.db.query<Row>(
      {
        text: `
          SELECT f.body, m.status, m.comment, count(*) OVER ()::int AS total
          FROM analysis_findings f
          LEFT JOIN finding_marks m
            ON m.owner = $2 AND m.project_name = $3 AND m.fingerprint = f.fingerprint
          WHERE f.analysis_id = $1 ${conditions.map((condition) => `AND ${condition}`).join(' ')}
          ORDER BY f.position LIMIT $4 OFFSET $5`,
      },
      [id, owner, projectName, limit, offset, ...values],
    );
  }
}

/** With the status that people gave it since. */
function toStored({ body, status, comment }: Row): StoredFinding {
  return { ...body, status: status ?? 'open', comment };
}

/** Conditions on `f` and `m`; their values, which `select` numbers from `$6` on, are appended. */
function conditionsOf(filter: FindingFilter, values: unknown[]): string[] {
  const conditions: string[] = filter.all ? [] : ['f.in_default_view'];
  const equals: [expression: string, value: unknown][] = [
    ['f.category', filter.category],
    ['f.severity', filter.severity],
    ['f.rule_id', filter.rule_id],
    ['f.engine', filter.engine],
    [`f.body->>'confidence'`, filter.confidence],
    [`f.body->>'baseline'`, filter.baseline],
    [`f.body->>'cwe'`, filter.cwe],
    [`coalesce(m.status, 'open')`, filter.status],
  ];
  for (const [expression, value] of equals) {
    if (value !== undefined) {
      conditions.push(`${expression} = ${placeOf(value, values)}`);
    }
  }
  if (filter.file !== undefined) {
    const place = placeOf(filter.file, values);
    conditions.push(`(f.file = ${place} OR starts_with(f.file, rtrim(${place}, '/') || '/'))`);
  }
  return conditions;
}

function placeOf(value: unknown, values: unknown[]): string {
  values.push(value);
  return `$${FIRST_CONDITION + values.length - 1}`;
}

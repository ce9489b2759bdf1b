import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../infra/database/database.js';
import type { UsageBody, UsageSumsBody } from './usage.dto.js';

const SUMS: Statement = {
  name: 'usage_sums',
  text: `
    SELECT period.name,
           count(u.task_id)::int AS builds,
           COALESCE(sum(u.calls), 0)::float8 AS calls,
           COALESCE(sum(u.input_tokens), 0)::float8 AS input_tokens,
           COALESCE(sum(u.output_tokens), 0)::float8 AS output_tokens,
           COALESCE(sum(u.cached_tokens), 0)::float8 AS cached_tokens,
           sum(u.cost_usd)::float8 AS cost_usd,
           COALESCE(bool_or(u.estimated), false) AS estimated
    FROM (VALUES ('all_time', '-infinity'::timestamptz),
                 ('last_30_days', now() - interval '30 days')) AS period (name, since)
    LEFT JOIN model_usage u ON u.owner = $1 AND u.began_at >= period.since
    GROUP BY period.name ORDER BY period.name`,
};

/** What a user's builds used of language models. */
@Injectable()
export class UsageService {
  constructor(private readonly db: Database) {}

  async of(username: string): Promise<UsageBody> {
    const rows = await this.db.query<UsageSumsBody & { name: string }>(SUMS, [username]);
    const [allTime, last30Days] = rows.map(({ name: _, ...sums }) => sums);
    if (!allTime || !last30Days) {
      throw new Error('The statement gave no row');
    }
    return { all_time: allTime, last_30_days: last30Days };
  }
}

import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { Database, type Statement } from '../../infra/database/database.js';
import type { Lease } from '../../tasks/lease.js';
import { costOf } from './chat/budget.js';
import { NO_USAGE, type Usage } from './usage.js';

/** An earlier process may have told of less, and a cancelled build's row no longer moves: only its ledger does. */
const RECORD: Statement = {
  name: 'model_usage_record',
  text: `
    INSERT INTO model_usage AS u (task_id, owner, began_at, calls, input_tokens, output_tokens,
                                  cached_tokens, cost_usd, estimated)
    SELECT id, owner, started_at, $3, $4, $5, $6, $7, $8 FROM tasks
    WHERE id = $1 AND lease_generation = $2
    ON CONFLICT (task_id) DO UPDATE SET
      calls = excluded.calls, input_tokens = excluded.input_tokens,
      output_tokens = excluded.output_tokens, cached_tokens = excluded.cached_tokens,
      cost_usd = excluded.cost_usd, estimated = excluded.estimated
    WHERE excluded.calls >= u.calls`,
};

/** What each build used of a model, whatever its end: the sums of a user are made of it. */
@Injectable()
export class UsageLedger {
  private readonly log = new Logger(UsageLedger.name);

  constructor(
    private readonly db: Database,
    private readonly config: AppConfig,
  ) {}

  /** Called when a process is done with a build, also where that was cancelled. Never throws. */
  async record({ taskId, generation }: Lease, usage: Usage | null): Promise<void> {
    const { calls, inputTokens, outputTokens, cachedTokens, isEstimated } = usage ?? NO_USAGE;
    const cost = usage && costOf(usage, this.config.llm?.prices);
    const used = [calls, inputTokens, outputTokens, cachedTokens, cost, isEstimated];
    try {
      await this.db.query(RECORD, [taskId, generation, ...used]);
    } catch (error) {
      // The build's own end matters more. Where the database is away, its next worker records it.
      this.log.warn(`What build ${taskId} used was not recorded: ${String(error)}`);
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Database } from '../../infra/database/database.js';
import { Metrics } from './metrics.js';

const MAX_AGE_MS = 5_000;
const TIMEOUT_MS = 2_000;

const COUNT = {
  name: 'health_unfinished_tasks',
  text: `SELECT kind, status, count(*)::int AS count,
                extract(epoch FROM now() - min(created_at) FILTER (WHERE status = 'initializing' AND turn IS NOT NULL))::float8
                  AS oldest
         FROM tasks
         WHERE status IN ('initializing', 'running') GROUP BY kind, status`,
  query_timeout: TIMEOUT_MS,
};

/** Unfinished tasks of all processes, counted at most every few seconds however often metrics are read. */
@Injectable()
export class TaskCounts {
  private readonly gauge: Gauge<'kind' | 'status'>;
  private readonly oldest: Gauge<'kind'>;
  private countedAt = -Infinity;
  private counting: Promise<void> | undefined;

  constructor(
    metrics: Metrics,
    private readonly database: Database,
  ) {
    this.gauge = new Gauge({
      name: 'tasks_unfinished',
      help: 'Tasks that wait or run, in all processes, and a 0 without labels; absent while the database does not answer.',
      labelNames: ['kind', 'status'],
      registers: [metrics.registry],
      collect: () => this.refresh(),
    });
    this.oldest = new Gauge({
      name: 'tasks_oldest_ready_seconds',
      help: 'How long the oldest task waits that nothing but a free worker is missing; absent: none does.',
      labelNames: ['kind'],
      registers: [metrics.registry],
      collect: () => this.refresh(),
    });
  }

  /** Waits a little, never long: a scrape is worth most while the database hangs. */
  private async refresh(): Promise<void> {
    if (performance.now() - this.countedAt < MAX_AGE_MS) {
      return;
    }
    this.counting ??= this.count().finally(() => (this.counting = undefined));
    const answered = await Promise.race([
      this.counting.then(() => true),
      delay(TIMEOUT_MS, false, { ref: false }),
    ]);
    if (!answered) {
      this.reset();
    }
  }

  private async count(): Promise<void> {
    try {
      const rows = await this.database.query<CountRow>(COUNT);
      this.reset();
      // Also where no task is: else an idle system would look like a database that does not answer.
      this.gauge.set({}, 0);
      for (const { kind, status, count, oldest } of rows) {
        this.gauge.set({ kind, status }, count);
        if (oldest !== null) {
          this.oldest.set({ kind }, oldest);
        }
      }
      this.countedAt = performance.now();
    } catch {
      // An old number would look like a true one; the missing series is what alerts can see.
      this.reset();
    }
  }

  private reset(): void {
    this.gauge.reset();
    this.oldest.reset();
  }
}

interface CountRow {
  kind: string;
  status: string;
  count: number;
  /** Seconds; `null`: none is ready. */
  oldest: number | null;
}

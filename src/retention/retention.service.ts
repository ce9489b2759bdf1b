import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { AppConfig } from '../config/app-config.js';
import { Database } from '../infra/database/database.js';
import { Metrics } from '../health/metrics/metrics.js';
import { sweepBlobs } from './blob-sweep.js';
import { sweepsOf } from './sweeps.js';

const EVERY_MS = 60 * 60 * 1000;
/** Rows a statement: none holds its locks for long. */
const BATCH = 500;
/** Batches of one kind a run; what is left is the next run's. */
const MAX_BATCHES = 200;
/** Any number will do that no other lock of this database has. */
const LOCK = 7_214_655_028_312;

/** How many of each kind went; kinds of which none did are missing. */
export type Removed = Record<string, number>;

/**
 * Removes what is too old to be kept, every hour: one process of all that share the database does it, the others find
 * that it was done.
 */
@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Retention');
  private readonly removedTotal: Counter<'kind'>;
  private readonly lastRun: Gauge;
  private timer: NodeJS.Timeout | undefined;
  private run: Promise<unknown> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly db: Database,
    private readonly config: AppConfig,
    { registry }: Metrics,
  ) {
    this.removedTotal = new Counter({
      name: 'retention_removed_total',
      help: 'Rows that this process removed because of their age, by kind.',
      labelNames: ['kind'],
      registers: [registry],
    });
    this.lastRun = new Gauge({
      name: 'retention_last_run_timestamp_seconds',
      help: 'When this process last found old rows removed, by itself or by another; Unix time.',
      registers: [registry],
    });
  }

  onApplicationBootstrap(): void {
    // Soon after a start, but not all processes at once.
    this.schedule(EVERY_MS / 12);
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.run;
  }

  private schedule(withinMs: number): void {
    if (this.isStopping) {
      return;
    }
    const delayMs = withinMs * (0.5 + Math.random() / 2);
    this.timer = setTimeout(() => {
      this.run = this.sweepIfDue().finally(() => this.schedule(EVERY_MS));
    }, delayMs).unref();
  }

  /** Never rejects: the next hour tries again, and the age of the last run is a metric. */
  private async sweepIfDue(): Promise<void> {
    try {
      await this.sweep(EVERY_MS / 2);
    } catch (error) {
      this.log.warn(`Old rows not removed: ${String(error)}`);
    }
  }

  /**
   * Removes what is old.
   *
   * @param unlessWithinMs How long ago another run may lie that makes this one needless.
   * @returns `null` where another process does it now, or has done it.
   */
  async sweep(unlessWithinMs = 0): Promise<Removed | null> {
    const lock = await this.db.pool.connect();
    try {
      const { rows } = await lock.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_lock($1) AS locked',
        [LOCK],
      );
      if (!rows[0]?.locked) {
        return null;
      }
      const removed = (await this.isDue(unlessWithinMs)) ? await this.removeAll() : null;
      this.lastRun.setToCurrentTime();
      return removed;
    } finally {
      await lock.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
      // Ends the connection, and with it the lock, whatever became of it.
      lock.release(true);
    }
  }

  private async isDue(unlessWithinMs: number): Promise<boolean> {
    const rows = await this.db.query(
      {
        name: 'retention_begin',
        text: `UPDATE retention_runs SET began_at = now()
               WHERE began_at <= now() - $1 * interval '1 ms' RETURNING 1`,
      },
      [unlessWithinMs],
    );
    return rows.length > 0;
  }

  private async removeAll(): Promise<Removed> {
    const startedAt = performance.now();
    const removed: Removed = {};
    for (const { name, statement, days } of sweepsOf(this.config.retention)) {
      const values = days === undefined ? [BATCH] : [BATCH, days];
      removed[name] = await this.inBatches(async () => {
        const [row] = await this.db.query<Batch>(statement, values);
        return row ?? { taken: 0, removed: 0 };
      });
    }
    removed['blobs'] = await this.inBatches(() => sweepBlobs(this.db, BATCH));
    const found = Object.entries(removed).filter(([, count]) => count > 0);
    for (const [kind, count] of found) {
      this.removedTotal.inc({ kind }, count);
    }
    const text = found.map(([kind, count]) => `${count} ${kind.replaceAll('_', ' ')}`).join(', ');
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    this.log[text === '' ? 'debug' : 'log'](`Removed ${text || 'nothing'} in ${seconds} s`);
    return Object.fromEntries(found);
  }

  private async inBatches(next: () => Promise<Batch>): Promise<number> {
    let total = 0;
    for (let batch = 0; batch < MAX_BATCHES && !this.isStopping; batch += 1) {
      const { taken, removed } = await next();
      total += removed;
      if (taken < BATCH) {
        break;
      }
    }
    return total;
  }
}

interface Batch {
  taken: number;
  removed: number;
}

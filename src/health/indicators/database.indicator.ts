import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Database } from '../../infra/database/database.js';
import { PROBE_CACHE_MS, PROBE_TIMEOUT_MS } from './probe-limits.js';

/** `query_timeout` is the driver's: past it, the pool drops the connection, and the next probe tries another. */
const PROBE = { name: 'health_probe', text: 'SELECT 1', query_timeout: PROBE_TIMEOUT_MS };

@Injectable()
export class DatabaseIndicator {
  private pending: Promise<void> | undefined;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly database: Database,
  ) {}

  check(): PromiseLike<HealthIndicatorResult> {
    return this.indicators
      .check('database')
      .attempt(() => this.probe())
      .withTimeout(PROBE_TIMEOUT_MS)
      .cacheFor(PROBE_CACHE_MS);
  }

  /** One at a time: on a database that hangs, probes must not use up the pool. */
  private probe(): Promise<void> {
    this.pending ??= this.select().finally(() => (this.pending = undefined));
    return this.pending;
  }

  private async select(): Promise<void> {
    try {
      await this.database.query(PROBE);
    } catch (cause) {
      // Everybody can read the probes: the driver's message names hosts and users.
      throw new Error('does not answer', { cause });
    }
  }
}

import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Database } from '../../infra/database/database.js';
import { removeUnusedBlobs } from './blobs.js';
import { STATEMENTS } from './snapshot-statements.js';

const PERIOD_MS = 60 * 60 * 1000;

/** Removes what builds stored on their way to what they made in the end. */
@Injectable()
export class SnapshotSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(SnapshotSweeper.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly db: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), PERIOD_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async sweep(): Promise<void> {
    try {
      const removed = await this.db.query(STATEMENTS.removeSuperseded);
      if (removed.length > 0) {
        await this.db.transaction(removeUnusedBlobs);
      }
    } catch (error) {
      // What stays is removed by a later sweep.
      this.log.warn(`Superseded snapshots not removed: ${String(error)}`);
    }
  }
}

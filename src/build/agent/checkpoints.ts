import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { Database } from '../../infra/database/database.js';

const SWEEP_MS = 60 * 60 * 1000;

/** LangGraph's checkpoints, on the server's own connection pool. The saver never prunes: this does. */
@Injectable()
export class Checkpoints implements OnApplicationBootstrap, OnModuleDestroy {
  readonly saver: PostgresSaver;
  private readonly log = new Logger(Checkpoints.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly db: Database) {
    this.saver = new PostgresSaver(db.pool, undefined, { schema: CHECKPOINT_SCHEMA });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), SWEEP_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Removes the checkpoints of builds that ended more than a day ago, or were deleted with their project. */
  async sweep(): Promise<void> {
    try {
      const ended = await this.db.query<{ id: string }>({
        text: `SELECT DISTINCT c.thread_id AS id FROM ${CHECKPOINT_SCHEMA}.checkpoints c
               WHERE NOT EXISTS (
                 SELECT 1 FROM tasks t WHERE t.id::text = c.thread_id
                   AND (t.finished_at IS NULL OR t.finished_at > now() - interval '1 day'))
               LIMIT 1000`,
      });
      for (const { id } of ended) {
        await this.saver.deleteThread(id);
      }
    } catch (error) {
      // What stays is removed by a later sweep.
      this.log.warn(`Old checkpoints not removed: ${String(error)}`);
    }
  }
}

export const CHECKPOINT_SCHEMA = 'langgraph';

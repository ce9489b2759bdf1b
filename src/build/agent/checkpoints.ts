import { Injectable } from '@nestjs/common';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { Database } from '../../infra/database/database.js';
import { CHECKPOINT_SCHEMA } from './checkpoint-schema.js';

/** LangGraph's checkpoints, on the server's own connection pool. The saver never prunes: `retention` does. */
@Injectable()
export class Checkpoints {
  readonly saver: PostgresSaver;

  constructor(db: Database) {
    this.saver = new PostgresSaver(db.pool, undefined, { schema: CHECKPOINT_SCHEMA });
  }
}

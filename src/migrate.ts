import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { DataSource } from 'typeorm';
import { CHECKPOINT_SCHEMA } from './build/agent/checkpoint-schema.js';
import { StartupError } from './common/startup-error.js';
import { Database, isConnectionError } from './infra/database/database.js';
import { dataSourceOptions } from './infra/database/data-source-options.js';

/** Any number will do that no other program on the same database takes for its own lock. */
const LOCK = 7_214_655_028_311;

/**
 * Brings the database to this version's schema. Processes that start together do it one after another, and the
 * second finds nothing to do.
 * @throws StartupError where the database can't be reached
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const dataSource = new DataSource(dataSourceOptions(databaseUrl, 3, []));
  try {
    await dataSource.initialize();
  } catch (error) {
    throw new StartupError(`The database in DATABASE_URL can't be used: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  const { pool } = new Database(dataSource);
  const lock = await pool.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await dataSource.runMigrations();
    await new PostgresSaver(pool, undefined, { schema: CHECKPOINT_SCHEMA }).setup();
  } finally {
    lock.release(true);
    await dataSource.destroy();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return reasonOf(error.errors[0]);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return isConnectionError(error) ? `it does not answer (${reason})` : reason;
}

import type { DataSourceOptions, EntityTarget, ObjectLiteral } from 'typeorm';
import { MIGRATIONS } from '../../../migrations/index.js';

/**
 * How TypeORM reaches the database, for the server and for the command line (`ormconfig.ts`) alike.
 *
 * @param entities Those of the features that the process runs.
 */
export function dataSourceOptions(
  url: string,
  poolSize: number,
  entities: EntityTarget<ObjectLiteral>[],
): DataSourceOptions & { type: 'postgres' } {
  return {
    type: 'postgres',
    url,
    poolSize,
    entities: entities as (new () => ObjectLiteral)[],
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'all',
    synchronize: false,
    applicationName: 'goalsmith',
    extra: {
      // Requests fail with 503 instead of waiting for ever where the database doesn't answer.
      connectionTimeoutMillis: 5_000,
      query_timeout: 30_000,
      keepAlive: true,
    },
  };
}

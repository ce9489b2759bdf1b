import { once } from 'node:events';
import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../src/infra/database/data-source-options.js';
import { Database, isConnectionError } from '../src/infra/database/database.js';
import { createTestDatabase, type TestDatabase } from './support/postgres.js';

describe(Database.name, () => {
  let own: TestDatabase;
  let dataSource: DataSource;
  let db: Database;

  beforeEach(async () => {
    own = await createTestDatabase();
    dataSource = await new DataSource(dataSourceOptions(own.url, 2, [])).initialize();
    db = new Database(dataSource);
  });

  afterEach(async () => {
    await dataSource.destroy();
    await own.drop();
  });

  it('survives a connection that is ended between two statements of a transaction', async () => {
    const acquired = once(db.pool, 'acquire') as Promise<[PoolClient]>;
    const transaction = db.transaction(async (tx) => {
      const [client] = await acquired;
      const [own] = await tx.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
      // Not `once` of node:events, which listens for errors, too.
      const ended = new Promise((resolve) => client.once('end', () => resolve(null)));
      await db.query({ text: 'SELECT pg_terminate_backend($1)' }, [own?.pid]);
      await ended;
      await tx.query({ text: 'SELECT 1' });
    });
    const error: unknown = await transaction.catch((reason: unknown) => reason);
    expect([isConnectionError(error), String(error)]).toEqual([true, expect.any(String)]);
    expect(await db.query({ text: 'SELECT 1 AS one' })).toEqual([{ one: 1 }]);
  });
});

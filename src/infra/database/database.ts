import { Injectable } from '@nestjs/common';
import { codeOf } from '../../common/error-code.js';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { Pool, PoolClient, QueryConfig, QueryResultRow } from 'pg';

/** A statement with a `name` is prepared once a connection and then only executed. */
export interface Statement {
  name?: string;
  text: string;
}

/** Where a statement runs: the pool, or one transaction. */
export interface Queryable {
  query<R extends QueryResultRow>(statement: Statement, values?: unknown[]): Promise<R[]>;
}

/** Plain SQL on TypeORM's own connection pool: for the kernel's conditional moves and the hot reads. */
@Injectable()
export class Database implements Queryable {
  readonly pool: Pool;

  constructor(dataSource: DataSource) {
    this.pool = (dataSource.driver as PostgresDriver).master as Pool;
    // The pool listens to a connection only while it is idle: one that breaks between two statements of a transaction
    // would end the process. Its next statement rejects.
    this.pool.on('acquire', (client) => {
      if (!client.listeners('error').includes(ignoreError)) {
        client.on('error', ignoreError);
      }
    });
  }

  query<R extends QueryResultRow>(statement: Statement, values: unknown[] = []): Promise<R[]> {
    return run<R>(this.pool, statement, values);
  }

  /** Commits what `work` did, or nothing when it throws. */
  async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work({
        query: <R extends QueryResultRow>(statement: Statement, values: unknown[] = []) =>
          run<R>(client, statement, values),
      });
      await client.query('COMMIT');
      return result;
    } catch (error) {
      // A connection that can't even roll back must not return to the pool.
      await client.query('ROLLBACK').catch((reason: Error) => (broken = reason));
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

function ignoreError(): void {}

async function run<R extends QueryResultRow>(
  target: Pool | PoolClient,
  statement: Statement,
  values: unknown[],
): Promise<R[]> {
  const config: QueryConfig = { ...statement, values };
  return (await target.query<R>(config)).rows;
}

// Class 53: no connection, memory or disk space left there. A server that is down has no Unix socket.
const CONNECTION_LOST =
  /^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|08|57P0[123]|53|25006|connect ENOENT)|terminat|timeout exceeded when trying to connect|Query read timeout|not queryable/;

/** Whether the database could not be reached, went away or has no room, as opposed to refusing the statement. */
export function isConnectionError(error: unknown): boolean {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? error.message : '';
  return CONNECTION_LOST.test(codeOf(error)) || CONNECTION_LOST.test(String(message));
}

/** Whether a row was refused because another holds its unique key. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === '23505';
}

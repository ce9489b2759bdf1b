import { randomBytes } from 'node:crypto';
import type { NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';

/** A database of one suite's own, empty. */
export interface TestDatabase {
  url: string;
  /** Closes whatever connections are left, too: end the pools first, or they report an error. */
  drop(): Promise<void>;
}

/** Creates a database on the run's server, which jest's global set-up started. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_DATABASE_URL'];
  if (!server) {
    throw new Error(
      'TEST_DATABASE_URL is not set: this project of jest.config.mjs lacks globalSetup',
    );
  }
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Where a proxy reaches the server: by a Unix socket the run's own, by TCP perhaps one that TEST_DATABASE_URL names. */
export function addressOf(databaseUrl: string): NetConnectOpts {
  const url = new URL(databaseUrl);
  const folder = url.searchParams.get('host');
  const port = Number(url.port || 5432);
  return folder ? { path: join(folder, `.s.PGSQL.${port}`) } : { host: url.hostname, port };
}

/** The same database behind a proxy at that port of this machine. */
export function throughPort(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl);
  url.searchParams.delete('host');
  url.host = `127.0.0.1:${port}`;
  return url.href;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { makeDataDir } from '../../data-dir.js';
import { choosePostgresAccount } from './embedded-account.js';
import { findPostgresBinaries } from './embedded-binaries.js';
import { DATABASE_NAME, openCluster, type Cluster } from './embedded-cluster.js';
import { asStartupError } from './embedded-errors.js';
import { KeptServer } from './embedded-keeper.js';
import { lockDataDir } from './embedded-lock.js';
import { endOrphan } from './embedded-orphan.js';
import { startServer, type PostgresLog, type PostgresServer } from './embedded-server.js';
import { makeSocketDir, removeLeftSocketDir } from './embedded-socket.js';

export interface EmbeddedPostgresOptions {
  /** Made where it is missing; the cluster lies in `postgres` under it. */
  dataDir: string;
  log: PostgresLog;
  /** Default true. False, for tests: faster, and a power cut may destroy the data. */
  durable?: boolean;
  /** Default 50. */
  maxConnections?: number;
}

/** A PostgreSQL server of our own; it runs until `stop`. One whose owner was killed is ended by the next start. */
export interface EmbeddedPostgres {
  /** For `pg` and TypeORM alike; names a Unix socket (`?host=/…`) and holds the password: never log it. */
  url: string;
  /** Of the postmaster; another one after it ended unasked and was started again. */
  readonly pid: number;
  /** Resolves when the server is down and the data folder free. Close the pools first. Harmless twice. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL server that came with the packages on a data folder, as root or as an ordinary user.
 *
 * Makes the cluster on the first start and finds and ends the server that a killed process left behind.
 * @throws StartupError when the folder can't be used, another process uses it, or the programs can't run here.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const release: (() => Promise<void>)[] = [];
  const releaseAll = async (): Promise<void> => {
    for (let undo = release.pop(); undo; undo = release.pop()) {
      await undo();
    }
  };
  try {
    return await start(options, release, releaseAll);
  } catch (error) {
    await releaseAll();
    throw asStartupError(error, options.dataDir);
  }
}

async function start(
  options: EmbeddedPostgresOptions,
  release: (() => Promise<void>)[],
  releaseAll: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  const binaries = await findPostgresBinaries();
  const dataDir = await makeDataDir(options.dataDir);
  const lock = await lockDataDir(dataDir);
  release.push(() => lock.release());
  const account = await choosePostgresAccount(binaries, dataDir);
  const durable = options.durable ?? true;
  const cluster = await openCluster(dataDir, binaries, account, durable, async (clusterDir) => {
    await removeLeftSocketDir(clusterDir);
    const orphan = await endOrphan(clusterDir);
    if (orphan !== null) {
      options.log('warn', `Ended the PostgreSQL server (process ${orphan}) of an earlier crash.`);
    }
  });
  const socket = await makeSocketDir(cluster, account);
  release.push(() => socket.remove());
  const launch = (): Promise<PostgresServer> =>
    startPatiently(() =>
      startServer(binaries, account, {
        clusterDir: cluster.dir,
        socketDir: socket.path,
        durable,
        maxConnections: options.maxConnections ?? 50,
        log: options.log,
      }),
    );
  const server = await KeptServer.start(launch, options.log);
  release.push(() => server.stop());
  await createDatabaseOnce(urlOf(cluster, socket.path, 'postgres'));

  let stopped: Promise<void> | undefined;
  return {
    url: urlOf(cluster, socket.path, DATABASE_NAME),
    get pid() {
      return server.pid;
    },
    stop: () => (stopped ??= releaseAll()),
  };
}

/** A postmaster killed with SIGKILL leaves back ends that notice within moments; until then the cluster is theirs. */
async function startPatiently(attempt: () => Promise<PostgresServer>): Promise<PostgresServer> {
  for (let left = 10; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !/pre-existing shared memory block/.test(String(error))) {
        throw error;
      }
      await delay(500);
    }
  }
}

async function createDatabaseOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // The error of a broken connection also reaches the query that waits.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      DATABASE_NAME,
    ]);
    if (found.rowCount === 0) {
      await client.query(`CREATE DATABASE ${DATABASE_NAME}`);
    }
  } finally {
    await client.end();
  }
}

function urlOf(cluster: Cluster, socketDir: string, database: string): string {
  const host = encodeURIComponent(socketDir);
  return `postgresql://${DATABASE_NAME}:${cluster.password}@localhost/${database}?host=${host}`;
}

/**
 * Starts one PostgreSQL server for the whole run, before the first suite, and names it in `TEST_DATABASE_URL`.
 * Where that variable is set already, the server it names is used instead; its user must be allowed to create databases.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import './ts-loader.mjs';

export default async function globalSetup() {
  if (process.env.TEST_DATABASE_URL) {
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'goalsmith-test-'));
  const { startEmbeddedPostgres } =
    await import('../../src/infra/database/embedded/embedded-postgres.ts');
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    durable: false,
    maxConnections: 300,
    log: (level, message) => level === 'error' && console.error(message),
  });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  // Jest has no handler of its own: without one, Ctrl-C would leave the server behind.
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ]) {
    process.once(signal, () => {
      void stop().finally(() => process.exit(status));
    });
  }
  process.env.TEST_DATABASE_URL = server.url;
  globalThis.stopTestDatabase = stop;
}

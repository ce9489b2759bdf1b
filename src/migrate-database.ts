import 'reflect-metadata';
import { config as readDotEnv } from 'dotenv';
import { StartupError } from './common/startup-error.js';
import { loadConfig } from './config/load-config.js';
import { migrate } from './migrate.js';

/**
 * `node dist/src/migrate-database.js`: brings the database in DATABASE_URL to this release's schema, and nothing else.
 * Servers do it themselves when they start; this is for who wants to choose the moment.
 */
async function migrateDatabase(): Promise<void> {
  const { databaseUrl } = loadConfig(process.env);
  if (!databaseUrl) {
    throw new StartupError('DATABASE_URL is not set: the embedded database is migrated at start');
  }
  await migrate(databaseUrl);
  process.stdout.write('The schema is up to date\n');
}

readDotEnv({ quiet: true });
migrateDatabase().catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartupError ? error.message : String(error)}\n`);
  process.exit(1);
});

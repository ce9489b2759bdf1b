import 'reflect-metadata';
import { config as readDotEnv } from 'dotenv';
import { DataSource } from 'typeorm';
import { PasswordHasher } from './auth/password-hasher.js';
import { AdminReset } from './auth/users/admin-reset.js';
import { StartupError } from './common/startup-error.js';
import { loadConfig } from './config/load-config.js';
import { Database } from './infra/database/database.js';
import { dataSourceOptions } from './infra/database/data-source-options.js';
import { startEmbeddedPostgres } from './infra/database/embedded/embedded-postgres.js';
import { migrate } from './migrate.js';

/** `npm run admin:reset [username]`: gives an administrator a new password, for whoever has the machine but no login. */
async function resetAdmin(username: string | undefined): Promise<void> {
  const config = loadConfig({ LOG_LEVEL: 'silent', ...process.env });
  const embedded = config.databaseUrl
    ? null
    : await startEmbeddedPostgres({ dataDir: config.dataDir, log: () => undefined });
  try {
    const url = config.databaseUrl ?? embedded?.url ?? '';
    await migrate(url);
    const dataSource = await new DataSource(dataSourceOptions(url, 2, [])).initialize();
    try {
      const reset = new AdminReset(new Database(dataSource), new PasswordHasher());
      const admin = await reset.resetAdmin(
        username ?? config.auth.adminUsername,
        config.auth.adminPassword,
      );
      process.stdout.write(`Administrator: ${admin.username}, password ${admin.password}\n`);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await embedded?.stop();
  }
}

readDotEnv({ quiet: true });
resetAdmin(process.argv[2]).catch((error: unknown) => {
  const text = error instanceof StartupError ? error.message : String(error);
  const isRunning = text.includes('is in use by process');
  process.stderr.write(`${isRunning ? 'Stop the server first: it uses this DATA_DIR.' : text}\n`);
  process.exit(1);
});

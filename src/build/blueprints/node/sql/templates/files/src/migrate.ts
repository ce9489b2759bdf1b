import { applyMigrations } from './database/apply-migrations.js';
import { databaseOptions } from './database/data-source.js';
import { settingsOrExit } from './environment.js';

for (const name of await applyMigrations(databaseOptions(settingsOrExit()))) {
  console.log(`Applied ${name}`);
}

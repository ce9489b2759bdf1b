import { DataSource } from 'typeorm';
import { databaseOptions } from './database/data-source.js';
import { settingsOrExit } from './environment.js';

const dataSource = await new DataSource(databaseOptions(settingsOrExit())).initialize();
try {
  const migrations = await dataSource.runMigrations({ transaction: 'each' });
  for (const { name } of migrations) {
    console.log(`Applied ${name}`);
  }
} finally {
  await dataSource.destroy();
}

import { DataSource, type DataSourceOptions } from 'typeorm';

/** Brings the database up to date. @returns the names of what was applied */
export async function applyMigrations(options: DataSourceOptions): Promise<string[]> {
  const dataSource = await new DataSource(options).initialize();
  try {
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    return applied.map(({ name }) => name);
  } finally {
    await dataSource.destroy();
  }
}

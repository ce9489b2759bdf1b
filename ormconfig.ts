import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './src/infra/database/data-source-options.js';

/** For TypeORM's command line (`npx typeorm migration:show -d dist/ormconfig.js`), on the server in DATABASE_URL. */
export default new DataSource(
  dataSourceOptions(process.env['DATABASE_URL'] ?? 'postgresql://localhost/goalsmith', 2, []),
);

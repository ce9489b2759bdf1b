import type { Part } from '../../blueprint.js';

/** SQLAlchemy and Alembic, for PostgreSQL and SQLite alike. */
export const sqlPart: Part = {
  folder: new URL('./', import.meta.url),
  appliesTo: (spec) => spec.database !== 'none',
  dependencies: ['alembic', 'sqlalchemy'],
  testDependencies: [],
};

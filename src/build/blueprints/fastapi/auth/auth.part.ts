import type { Part } from '../../blueprint.js';
import type { ProjectSpec } from '../../project-spec.js';

/** Everything of authentication that doesn't know where users are kept. */
export const authPart: Part = {
  folder: new URL('./', import.meta.url),
  appliesTo: hasAuth,
  dependencies: ['argon2-cffi', 'pyjwt', 'python-multipart', 'typing-extensions'],
  testDependencies: [],
};

/** Models, stores and the migration. */
export const authOnSqlPart: Part = {
  folder: new URL('./on-sql/', import.meta.url),
  appliesTo: (spec) => hasAuth(spec) && spec.database !== 'none',
  dependencies: [],
  testDependencies: [],
};

/** The same models and stores without a database. */
export const authInMemoryPart: Part = {
  folder: new URL('./in-memory/', import.meta.url),
  appliesTo: (spec) => hasAuth(spec) && spec.database === 'none',
  dependencies: [],
  testDependencies: [],
};

function hasAuth(spec: ProjectSpec): boolean {
  return spec.features.includes('auth');
}

import type { Part } from '../../blueprint.js';
import type { ProjectSpec } from '../../project-spec.js';

/** Routes, rules and tests of the resources; doesn't know where they are kept. */
export const crudPart: Part = {
  folder: new URL('./', import.meta.url),
  appliesTo: hasResources,
  dependencies: [],
  testDependencies: [],
};

/** Tables, migrations and the store. */
export const crudOnSqlPart: Part = {
  folder: new URL('./on-sql/', import.meta.url),
  appliesTo: (spec) => hasResources(spec) && spec.database !== 'none',
  dependencies: [],
  testDependencies: [],
};

/** The same store without a database. */
export const crudInMemoryPart: Part = {
  folder: new URL('./in-memory/', import.meta.url),
  appliesTo: (spec) => hasResources(spec) && spec.database === 'none',
  dependencies: [],
  testDependencies: [],
};

function hasResources({ resources }: ProjectSpec): boolean {
  return resources.length > 0;
}

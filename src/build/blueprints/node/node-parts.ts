import type { Part } from '../blueprint.js';
import type { SpecFeature } from '../features.js';
import type { ProjectSpec } from '../project-spec.js';

/** What every TypeScript project has, whatever its framework: settings, problems, tooling, README. */
export const nodeBasePart: Part = {
  folder: new URL('./base/', import.meta.url),
  appliesTo: () => true,
  dependencies: ['helmet', 'pino', 'zod'],
  testDependencies: ['@vitest/coverage-v8', 'vitest'],
};

/** TypeORM with migrations, for PostgreSQL and SQLite alike. */
export const nodeSqlPart: Part = {
  folder: new URL('./sql/', import.meta.url),
  appliesTo: hasSql,
  dependencies: ['typeorm'],
  testDependencies: [],
};

/** For routes that read a body, a query or a path. */
export const nodeInputPart: Part = {
  folder: new URL('./input/', import.meta.url),
  appliesTo: readsInput,
  dependencies: [],
  testDependencies: [],
};

/** For stores that tell a caller that a value is taken. */
export const nodeUniquePart: Part = {
  folder: new URL('./sql/unique/', import.meta.url),
  appliesTo: (spec) => hasSql(spec) && readsInput(spec),
  dependencies: [],
  testDependencies: [],
};

/** The probes' rules and their tests. */
export const nodeHealthPart: Part = {
  folder: new URL('./health/', import.meta.url),
  appliesTo: (spec) => spec.features.includes('health'),
  dependencies: [],
  testDependencies: [],
};

/** Everything of authentication that knows neither the framework nor where users are kept. */
export const nodeAuthPart: Part = {
  folder: new URL('./auth/', import.meta.url),
  appliesTo: hasAuth,
  dependencies: ['@node-rs/argon2', 'jose'],
  testDependencies: [],
};

/** Entities, stores and the migration. */
export const nodeAuthOnSqlPart: Part = {
  folder: new URL('./auth/on-sql/', import.meta.url),
  appliesTo: (spec) => hasAuth(spec) && hasSql(spec),
  dependencies: [],
  testDependencies: [],
};

/** The same entities and stores without a database. */
export const nodeAuthInMemoryPart: Part = {
  folder: new URL('./auth/in-memory/', import.meta.url),
  appliesTo: (spec) => hasAuth(spec) && !hasSql(spec),
  dependencies: [],
  testDependencies: [],
};

/** Rules, schemas and tests of the resources; knows neither the framework nor where they are kept. */
export const nodeCrudPart: Part = {
  folder: new URL('./crud/', import.meta.url),
  appliesTo: hasResources,
  dependencies: [],
  testDependencies: [],
};

/** Entities, migrations and the store. */
export const nodeCrudOnSqlPart: Part = {
  folder: new URL('./crud/on-sql/', import.meta.url),
  appliesTo: (spec) => hasResources(spec) && hasSql(spec),
  dependencies: [],
  testDependencies: [],
};

/** The same store without a database. */
export const nodeCrudInMemoryPart: Part = {
  folder: new URL('./crud/in-memory/', import.meta.url),
  appliesTo: (spec) => hasResources(spec) && !hasSql(spec),
  dependencies: [],
  testDependencies: [],
};

/** What is there because it was asked for by name, the same for every framework. */
export const nodeFeatureParts: Part[] = [
  featurePart('logging', ['pino-http']),
  featurePart('rate-limiting', ['express-rate-limit']),
  featurePart('cors'),
  featurePart('compose'),
  featurePart('ci'),
];

function featurePart(feature: SpecFeature, dependencies: string[] = []): Part {
  return {
    folder: new URL(`./${feature}/`, import.meta.url),
    appliesTo: (spec) => spec.features.includes(feature),
    dependencies,
    testDependencies: [],
  };
}

export function hasResources({ resources }: ProjectSpec): boolean {
  return resources.length > 0;
}

export function hasAuth(spec: ProjectSpec): boolean {
  return spec.features.includes('auth');
}

export function hasSql(spec: ProjectSpec): boolean {
  return spec.database !== 'none';
}

export function readsInput(spec: ProjectSpec): boolean {
  return hasAuth(spec) || hasResources(spec);
}

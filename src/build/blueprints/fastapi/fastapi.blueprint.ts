import type { Blueprint, Part } from '../blueprint.js';
import { pinnedPython, pinPython } from '../pinned-requirements.js';
import type { ProjectSpec } from '../project-spec.js';
import type { ResourceView } from '../resource-view.js';
import { authInMemoryPart, authOnSqlPart, authPart } from './auth/auth.part.js';
import { basePart } from './base/base.part.js';
import { crudInMemoryPart, crudOnSqlPart, crudPart } from './crud/crud.part.js';
import { pythonLiteral } from './crud/python-literal.js';
import { pythonResourcesOf } from './crud/python-resource.js';
import { healthPart } from './health/health.part.js';
import { optionParts } from './options.part.js';
import { formatPython } from './python-format.js';
import { sqlPart } from './sql/sql.part.js';

/** Keeps every generated line inside the linter's 100 columns. */
const MAX_NAME_LENGTH = 60;

export const fastapiBlueprint: Blueprint = {
  databases: ['sqlite', 'postgresql', 'none'],
  features: ['auth', 'ci', 'compose', 'cors', 'health', 'logging', 'rate-limiting'],
  parts: [
    ...[basePart, sqlPart, healthPart],
    ...[authPart, authOnSqlPart, authInMemoryPart],
    ...[crudPart, crudOnSqlPart, crudInMemoryPart],
    ...optionParts,
  ],
  valuesFor,
  describeResources: pythonResourcesOf,
  isTest: (path) => path.startsWith('tests/'),
  format: formatPython,
};

function valuesFor(
  spec: ProjectSpec,
  parts: Part[],
  resources: ResourceView[],
): Record<string, unknown> {
  const fieldTypes = new Set(resources.flatMap(({ fields }) => fields.map(({ type }) => type)));
  const dependencies = parts.flatMap((part) => part.dependencies);
  const tools = ['mypy', 'ruff'];
  const testDependencies = parts.flatMap((part) => part.testDependencies);
  if (spec.database === 'postgresql') {
    dependencies.push('psycopg[binary]');
  }
  if (fieldTypes.has('email')) {
    dependencies.push('email-validator');
  }
  return {
    title: spec.projectName.slice(0, MAX_NAME_LENGTH),
    slug: packageName(spec.projectName),
    database: spec.database,
    sql: spec.database !== 'none',
    auth: spec.features.includes('auth'),
    features: new Set(spec.features),
    fieldTypes,
    needsAdmin: resources.some(({ deletableBy }) => deletableBy === 'admin'),
    includeTests: spec.includeTests,
    dependencies: pinAll(dependencies),
    devDependencies: pinAll(spec.includeTests ? [...tools, ...testDependencies] : tools),
    literal: pythonLiteral,
  };
}

/** A name that pip accepts and that is no package the project itself depends on. */
function packageName(projectName: string): string {
  const name = projectName
    .toLowerCase()
    .replace(/[-_.]+/g, '-')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/-$/, '');
  return pinnedPython().has(name) ? `${name}-service` : name;
}

function pinAll(requirements: string[]): string[] {
  return [...new Set(requirements)].sort().map(pinPython);
}

import type { Part } from '../blueprint.js';
import type { SpecFeature } from '../features.js';
import type { Database, ProjectSpec } from '../project-spec.js';
import type { ResourceView } from '../resource-view.js';
import { typescriptLiteral } from './crud/typescript-literal.js';
import { hasAuth, hasSql } from './node-parts.js';
import { packagePins, pinPackages } from './pinned-packages.js';

/** Keeps every generated line inside the formatter's 100 columns. */
const MAX_NAME_LENGTH = 60;

const TOOLS = ['@eslint/js', 'eslint', 'prettier', 'typescript', 'typescript-eslint'];
const DRIVERS = { postgresql: ['pg'], sqlite: ['libsql'], none: [] } as const;
/** So that the tests need no server. */
const TEST_DRIVERS = ['@electric-sql/pglite', '@electric-sql/pglite-socket'];

/** The first is used where nothing is said. */
export const NODE_DATABASES: readonly Database[] = ['sqlite', 'postgresql', 'none'];
export const NODE_FEATURES: readonly SpecFeature[] = [
  ...(['auth', 'ci', 'compose', 'cors', 'health', 'logging', 'rate-limiting'] as const),
];

/** How a framework differs, for the templates that all of them share. */
export interface NodeFramework {
  name: 'express' | 'nestjs';
  title: string;
  /** Whether its own code uses decorators. */
  decorators: boolean;
}

/** Values for the templates, beside the insertions. */
export function nodeValues(
  framework: NodeFramework,
  spec: ProjectSpec,
  parts: Part[],
  resources: ResourceView[],
): Record<string, unknown> {
  const sql = hasSql(spec);
  const onPostgres = spec.database === 'postgresql';
  const tests = [
    ...parts.flatMap((part) => part.testDependencies),
    ...(onPostgres ? TEST_DRIVERS : []),
  ];
  const types = parts.flatMap((part) => part.typeDependencies ?? []);
  return {
    title: spec.projectName.slice(0, MAX_NAME_LENGTH),
    slug: packageName(spec.projectName),
    framework: framework.name,
    frameworkName: framework.title,
    nest: framework.name === 'nestjs',
    decorators: framework.decorators || sql,
    database: spec.database,
    sql,
    auth: hasAuth(spec),
    features: spec.features,
    fieldTypes: new Set(resources.flatMap(({ fields }) => fields.map(({ type }) => type))),
    needsAdmin: resources.some(({ deletableBy }) => deletableBy === 'admin'),
    includeTests: spec.includeTests,
    uuid: onPostgres ? 'uuid' : 'varchar',
    timestamp: onPostgres ? 'timestamptz' : 'datetime',
    literal: typescriptLiteral,
    dependencies: toJson(
      pinPackages([...parts.flatMap((part) => part.dependencies), ...DRIVERS[spec.database]]),
    ),
    devDependencies: toJson(
      pinPackages([...TOOLS, '@types/node', ...types, ...(spec.includeTests ? tests : [])]),
    ),
    overrides:
      framework.name === 'nestjs' ? `,\n  "overrides": ${toJson(packagePins().overrides)}` : '',
  };
}

/** A name that npm accepts and that is no package the project itself depends on. */
function packageName(projectName: string): string {
  const name = projectName
    .toLowerCase()
    .replace(/[-_.]+/g, '-')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/-$/, '');
  return name in packagePins().dependencies ? `${name}-service` : name;
}

/** As it stands at the second level of `package.json`. */
function toJson(value: Record<string, string>): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
}

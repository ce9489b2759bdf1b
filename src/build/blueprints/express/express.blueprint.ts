import type { Blueprint, Part } from '../blueprint.js';
import {
  hasAuth,
  hasResources,
  nodeAuthInMemoryPart,
  nodeAuthOnSqlPart,
  nodeAuthPart,
  nodeBasePart,
  nodeCrudInMemoryPart,
  nodeCrudOnSqlPart,
  nodeCrudPart,
  nodeFeatureParts,
  nodeHealthPart,
  nodeInputPart,
  nodeSqlPart,
  nodeUniquePart,
  readsInput,
} from '../node/node-parts.js';
import { nodeResourcesOf } from '../node/crud/node-resource.js';
import { NODE_DATABASES, NODE_FEATURES, nodeValues } from '../node/node-values.js';
import { formatTypescript } from '../node/typescript-format.js';
import { mergeTypescriptImports } from '../node/typescript-imports.js';

const FRAMEWORK = { name: 'express', title: 'Express', decorators: false } as const;

/** The application, its errors and its documentation. */
const basePart: Part = {
  folder: new URL('./base/', import.meta.url),
  appliesTo: () => true,
  dependencies: ['express', 'swagger-ui-express'],
  typeDependencies: ['@types/express', '@types/swagger-ui-express'],
  testDependencies: [],
};

const healthPart: Part = {
  folder: new URL('./health/', import.meta.url),
  appliesTo: nodeHealthPart.appliesTo,
  dependencies: [],
  testDependencies: [],
};

const inputPart: Part = {
  folder: new URL('./input/', import.meta.url),
  appliesTo: readsInput,
  dependencies: [],
  testDependencies: [],
};

const authPart: Part = {
  folder: new URL('./auth/', import.meta.url),
  appliesTo: hasAuth,
  dependencies: [],
  testDependencies: [],
};

const corsPart: Part = {
  folder: new URL('./cors/', import.meta.url),
  appliesTo: (spec) => spec.features.includes('cors'),
  dependencies: ['cors'],
  typeDependencies: ['@types/cors'],
  testDependencies: [],
};

const crudPart: Part = {
  folder: new URL('./crud/', import.meta.url),
  appliesTo: hasResources,
  dependencies: [],
  testDependencies: [],
};

export const expressBlueprint: Blueprint = {
  databases: NODE_DATABASES,
  features: NODE_FEATURES,
  parts: [
    ...[
      nodeBasePart,
      basePart,
      nodeSqlPart,
      nodeUniquePart,
      nodeInputPart,
      inputPart,
      nodeHealthPart,
      healthPart,
    ],
    ...[...nodeFeatureParts, corsPart],
    ...[nodeAuthPart, nodeAuthOnSqlPart, nodeAuthInMemoryPart, authPart],
    ...[nodeCrudPart, nodeCrudOnSqlPart, nodeCrudInMemoryPart, crudPart],
  ],
  valuesFor: (spec, parts, resources) => nodeValues(FRAMEWORK, spec, parts, resources),
  describeResources: nodeResourcesOf,
  isTest: (path) => path.startsWith('test/') || path === 'vitest.config.ts',
  mergeImports: mergeTypescriptImports,
  format: formatTypescript,
};

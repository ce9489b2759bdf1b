import type { Blueprint, Part } from '../blueprint.js';
import {
  hasAuth,
  nodeAuthInMemoryPart,
  nodeAuthOnSqlPart,
  nodeAuthPart,
  nodeBasePart,
  nodeHealthPart,
  nodeInputPart,
  nodeSqlPart,
  nodeUniquePart,
  readsInput,
} from '../node/node-parts.js';
import { nodeValues } from '../node/node-values.js';
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

export const expressBlueprint: Blueprint = {
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
    ...[nodeAuthPart, nodeAuthOnSqlPart, nodeAuthInMemoryPart, authPart],
  ],
  valuesFor: (spec, parts) => nodeValues(FRAMEWORK, spec, parts),
  isTest: (path) => path.startsWith('test/') || path === 'vitest.config.ts',
  mergeImports: mergeTypescriptImports,
};

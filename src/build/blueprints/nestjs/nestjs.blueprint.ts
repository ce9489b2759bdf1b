import type { Blueprint, Part } from '../blueprint.js';
import {
  hasAuth,
  hasSql,
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

const FRAMEWORK = { name: 'nestjs', title: 'NestJS', decorators: true } as const;

/** The application module, its errors and its documentation. */
const basePart: Part = {
  folder: new URL('./base/', import.meta.url),
  appliesTo: () => true,
  dependencies: [
    ...['@nestjs/common', '@nestjs/core', '@nestjs/platform-express', '@nestjs/swagger'],
    ...['reflect-metadata', 'rxjs'],
  ],
  typeDependencies: ['@types/express'],
  testDependencies: [],
};

const sqlPart: Part = {
  folder: new URL('./sql/', import.meta.url),
  appliesTo: hasSql,
  dependencies: ['@nestjs/typeorm'],
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

export const nestjsBlueprint: Blueprint = {
  parts: [
    ...[
      nodeBasePart,
      basePart,
      nodeSqlPart,
      nodeUniquePart,
      nodeInputPart,
      inputPart,
      sqlPart,
      nodeHealthPart,
      healthPart,
    ],
    ...[nodeAuthPart, nodeAuthOnSqlPart, nodeAuthInMemoryPart, authPart],
  ],
  valuesFor: (spec, parts) => nodeValues(FRAMEWORK, spec, parts),
  isTest: (path) => path.startsWith('test/') || path === 'vitest.config.ts',
  mergeImports: mergeTypescriptImports,
};

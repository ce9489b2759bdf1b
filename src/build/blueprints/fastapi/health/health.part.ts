import type { Part } from '../../blueprint.js';

/** Liveness and readiness probes. */
export const healthPart: Part = {
  folder: new URL('./', import.meta.url),
  appliesTo: (spec) => spec.features.includes('health'),
  dependencies: [],
  testDependencies: [],
};

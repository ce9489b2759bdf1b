import type { Part } from '../blueprint.js';
import type { SpecFeature } from '../features.js';

/** Features that are one folder of templates each, in the order in which their middleware is added: inmost first. */
export const optionParts: Part[] = (
  ['rate-limiting', 'cors', 'logging', 'compose', 'ci'] satisfies SpecFeature[]
).map((feature) => ({
  folder: new URL(`./${feature}/`, import.meta.url),
  appliesTo: ({ features }) => features.includes(feature),
  dependencies: [],
  testDependencies: [],
}));

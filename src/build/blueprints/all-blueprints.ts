import type { Blueprint } from './blueprint.js';
import { fastapiBlueprint } from './fastapi/fastapi.blueprint.js';
import type { Framework } from './project-spec.js';

/** Every framework that the engine builds; one line adds one, here and in the capabilities. */
export const BLUEPRINTS: Partial<Record<Framework, Blueprint>> = { fastapi: fastapiBlueprint };

/** @throws where the engine has no such blueprint; the API accepts only what the capabilities name */
export function blueprintOf(framework: Framework): Blueprint {
  const blueprint = BLUEPRINTS[framework];
  if (!blueprint) {
    throw new Error(`There is no blueprint for ${framework}`);
  }
  return blueprint;
}

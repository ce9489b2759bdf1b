import type { Blueprint } from './blueprint.js';
import { expressBlueprint } from './express/express.blueprint.js';
import { fastapiBlueprint } from './fastapi/fastapi.blueprint.js';
import { nestjsBlueprint } from './nestjs/nestjs.blueprint.js';
import type { Framework } from './project-spec.js';

/** Every framework that the engine builds; one line adds one, here and in the capabilities. */
export const BLUEPRINTS: Partial<Record<Framework, Blueprint>> = {
  fastapi: fastapiBlueprint,
  express: expressBlueprint,
  nestjs: nestjsBlueprint,
};

/** @throws where the engine has no such blueprint; the API accepts only what the capabilities name */
export function blueprintOf(framework: Framework): Blueprint {
  const blueprint = BLUEPRINTS[framework];
  if (!blueprint) {
    throw new Error(`There is no blueprint for ${framework}`);
  }
  return blueprint;
}

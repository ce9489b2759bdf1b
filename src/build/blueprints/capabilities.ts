import { BLUEPRINTS } from './all-blueprints.js';
import { FEATURES, type FeatureInfo } from './features.js';
import { FRAMEWORKS, type Database, type Framework } from './project-spec.js';

/** What the offline engine builds with one framework. */
export interface FrameworkCapabilities {
  name: Framework;
  /** The first is used where nothing is said. */
  databases: readonly Database[];
  features: FeatureInfo[];
}

/** What the offline engine can build; the planner and `GET /api/build/capabilities` read the same list. */
export const CAPABILITIES: readonly FrameworkCapabilities[] = FRAMEWORKS.flatMap((name) => {
  const blueprint = BLUEPRINTS[name];
  if (!blueprint) {
    return [];
  }
  const has = new Set<string>(blueprint.features);
  const features = FEATURES.filter((each) => each.inclusion !== 'optional' || has.has(each.name));
  return [{ name, databases: blueprint.databases, features }];
});

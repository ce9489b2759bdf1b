import type { FeatureInfo } from './blueprint.js';
import { fastapiFeatures } from './fastapi/fastapi.blueprint.js';
import type { Database, Framework } from './project-spec.js';

/** What the offline engine builds with one framework. */
export interface FrameworkCapabilities {
  name: Framework;
  /** The first is used where nothing is said. */
  databases: Database[];
  features: FeatureInfo[];
}

/** What the offline engine can build; the planner and `GET /api/build/capabilities` read the same list. */
export const CAPABILITIES: readonly FrameworkCapabilities[] = [
  { name: 'fastapi', databases: ['sqlite', 'postgresql', 'none'], features: fastapiFeatures },
];

import type { FrameworkCapabilities } from '../blueprints/capabilities.js';
import { SPEC_FEATURES } from '../blueprints/features.js';
import { planGoal } from '../blueprints/plan-goal.js';
import type { Database, ProjectSpec } from '../blueprints/project-spec.js';
import { pairwise } from './pairwise.js';

const ON = 'on';
const OPTIONAL = SPEC_FEATURES.filter((feature) => feature !== 'health');

/** Goals whose things to store have every type of field, relation and rule between them. */
const GOALS: Record<string, string> = {
  nothing: 'A service with health checks',
  one: 'Manage todos with title, due date and a done flag',
  several: [
    'Customers have a name of at most 100 characters, an email and an optional website url',
    'A product has a unique sku, a price that can not be negative, a stock that defaults to 0, a weight between 0.5 and',
    '99.5 and a description. Everyone can read products. Only admins may delete products.',
    'An order belongs to a customer, has a status (open, paid or sent), placed at, a due date and extra json.',
    'A line belongs to an order and a product and has a quantity from 1 to 5 and a reference uuid.',
  ]
    .join(' ')
    .replace('url A product', 'url. A product'),
};

/** What is built: every two of database, things to store and features meet; and one project without its tests. */
export function matrixOf({ name, databases, features }: FrameworkCapabilities): ProjectSpec[] {
  const available = OPTIONAL.filter((feature) => features.some((each) => each.name === feature));
  const rows = pairwise({
    database: databases,
    resources: Object.keys(GOALS),
    ...Object.fromEntries(available.map((feature) => [feature, [ON, 'off']])),
  });
  const specs = rows.map(({ database = '', resources = '', ...chosen }) => {
    const asked = available.filter((feature) => chosen[feature] === ON);
    const outcome = planGoal({
      projectName: 'matrix',
      goal: GOALS[resources] ?? '',
      parameters: {
        framework: name,
        database: database as Database,
        features: ['health', ...asked],
      },
    });
    if (!outcome.ok) {
      throw new Error(outcome.error);
    }
    return outcome.spec;
  });
  const largest = subsetOf(specs).find(({ database }) => database === 'sqlite');
  return [...specs, ...(largest ? [{ ...largest, includeTests: false }] : [])];
}

/** A few that hold everything between them, for every push. */
export function subsetOf(specs: readonly ProjectSpec[]): ProjectSpec[] {
  const largest = [...specs].sort((a, b) => sizeOf(b) - sizeOf(a));
  return (['postgresql', 'sqlite', 'none'] as const).flatMap(
    (database) => largest.find((spec) => spec.database === database) ?? [],
  );
}

function sizeOf({ features, resources }: ProjectSpec): number {
  return features.length + resources.length;
}

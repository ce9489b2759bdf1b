import type { ResourceSpec } from './project-spec.js';

/**
 * Parents before their children, otherwise as given.
 *
 * @returns Those in a cycle, or below one, have no place in the order.
 */
export function inOrder(resources: readonly ResourceSpec[]): {
  ordered: ResourceSpec[];
  inCycle: ResourceSpec[];
} {
  const ordered: ResourceSpec[] = [];
  let waiting = [...resources];
  for (;;) {
    const placed = new Set(ordered.map(({ name }) => name));
    const next = waiting.find(({ belongsTo }) => belongsTo.every((name) => placed.has(name)));
    if (next === undefined) {
      return { ordered, inCycle: waiting };
    }
    ordered.push(next);
    waiting = waiting.filter((each) => each !== next);
  }
}

/** The resources that point to this one, in the project's order. */
export function childrenOf(name: string, resources: readonly ResourceSpec[]): ResourceSpec[] {
  return resources.filter(({ belongsTo }) => belongsTo.includes(name));
}

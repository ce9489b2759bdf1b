import type { ResourceSpec } from '../project-spec.js';
import type { Drafts } from './drafts.js';

/** What the readers of one goal share. */
export interface Reading {
  drafts: Drafts;
  /** Whether a phrase asks for something else, such as a feature: no thing and no field is called that. */
  isKnown(phrase: string): boolean;
  /** The same, and what may be one: nobody stores accounts or roles without saying whose. */
  isWish(phrase: string): boolean;
  /** The one that is read, word for word. */
  sentence: string;
  /** What was said and can't be built. */
  notes: string[];
  /** Somebody owns, or may do, something: there have to be accounts. */
  needsAccounts: boolean;
}

/** Makes one thing belong to another, or notes that both can't. */
export function relate(child: ResourceSpec, parent: ResourceSpec, reading: Reading): void {
  if (!reading.drafts.relate(child, parent)) {
    const relation =
      child.name === parent.name
        ? `that ${child.name} belongs to itself`
        : `that ${child.name} and ${parent.name} belong to each other`;
    reading.notes.push(`Not available, left out: ${relation} ('${reading.sentence}')`);
  }
}

import { namesOf } from '../names.js';
import type { ResourceSpec } from '../project-spec.js';
import type { Drafts } from './drafts.js';
import type { Token } from './words/words.js';

/** What the readers of one goal share. */
export interface Reading {
  drafts: Drafts;
  /** Whether a phrase asks for something else, such as a feature: no thing and no field is called that. */
  isKnown(phrase: string): boolean;
  /** The same, and what may be one: nobody stores accounts or roles without saying whose. */
  isWish(phrase: string): boolean;
  /** The one that is read, word for word. */
  sentence: string;
  /** Something before in that sentence was not understood: what it speaks of isn't sure any more. */
  isLost: boolean;
  /** That was its heading, so that none of the things known here is spoken of. */
  isElsewhere: boolean;
  /** Words of what was read that ask for something else: the `GraphQL` of `a GraphQL API for books`. */
  asides: Token[];
  /** What was said and can't be built. */
  notes: string[];
  /** Somebody owns, or may do, something: there have to be accounts. */
  needsAccounts: boolean;
}

/**
 * Makes one thing belong to another, or notes that both can't.
 *
 * @param isMany Whether it was said as what the parent has many of: said both ways it is neither's.
 */
export function relate(
  child: ResourceSpec,
  parent: ResourceSpec,
  reading: Reading,
  isMany = false,
): void {
  const { drafts, notes, sentence } = reading;
  if (drafts.relate(child, parent)) {
    return;
  }
  if (child.name === parent.name) {
    noteSelfRelation(child, reading);
  } else if (isMany && drafts.unrelate(parent, child)) {
    noteManyToMany(child, parent, reading);
  } else {
    notes.push(
      `Not available, left out: that ${child.name} and ${parent.name} belong to each other ('${sentence}'). ` +
        'Say of one of them only that it belongs to the other',
    );
  }
}

/** Tells that both may have many of the other, and what can be had instead. */
export function noteManyToMany(
  one: ResourceSpec,
  other: ResourceSpec,
  { notes, sentence }: Reading,
): void {
  const [a, b] = [namesOf(one.name), namesOf(other.name)];
  notes.push(
    `Not available, left out: a many-to-many relation of ${one.name} and ${other.name} ('${sentence}'). ` +
      `Ask for what joins them instead: '${a.withArticle} ${b.label} belongs to ${a.withArticle} and ${b.withArticle}, has a note'`,
  );
}

/** Tells that a thing can't point to another one of its kind, and what can be had instead. */
function noteSelfRelation({ name }: ResourceSpec, { notes, sentence }: Reading): void {
  notes.push(
    `Not available, left out: that ${name} belongs to itself ('${sentence}'). Ask for a field that ` +
      `holds the other's id instead, such as 'an optional parent id (uuid)': it isn't checked`,
  );
}

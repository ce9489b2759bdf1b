import type { ResourceSpec } from '../../project-spec.js';
import { takeThing } from '../words/noun-phrases.js';
import type { Reading } from '../reading.js';
import { ADMINS, EVERYBODY, OWNERS } from '../words/word-lists.js';
import type { Cursor } from '../words/words.js';

const MAY = [
  'can|may|could|should|must be able to',
  'is|are allowed|permitted to',
  'can|may|could|should',
];
const DELETE = 'delete|remove|deletes|removes';
const CHANGE = 'edit|update|change|modify|edits|updates|changes';
const READ = 'read|see|view|list|access|reads|sees';

/** `only the owner may delete orders`, `everyone can read posts`, `users can only see their own notes` */
export function readAccess(c: Cursor, reading: Reading): boolean {
  const isOnly = c.takeAny(['only', 'just', 'nobody|none but|except', 'no one but|except']);
  c.take('the|an|a|their|its|all|every');
  const who = c.token?.word ?? '';
  const [isOwner, isAdmin, isEverybody] = [OWNERS, ADMINS, EVERYBODY].map((set) => set.has(who));
  c.position += 1;
  if (c.takeAny(['of an|a|the', 'of'])) {
    takeThing(c);
  }
  c.takeAny(MAY);
  if (isEverybody && (c.take('only') || isOnly)) {
    return takeActions(c).length > 0 && takeOwn(c, reading);
  }
  const actions = takeActions(c);
  if (actions.length === 0 || !(isOwner || isAdmin ? isOnly : isEverybody)) {
    return false;
  }
  const things = takeObjects(c, reading);
  if (things.length === 0) {
    return false;
  }
  const isPossible = isAdmin
    ? actions.every((action) => action === 'delete')
    : isEverybody
      ? actions.every((action) => action === 'read')
      : true;
  if (!isPossible) {
    return false;
  }
  for (const thing of things) {
    if (isAdmin) {
      thing.deletableBy = 'admin';
    } else if (isEverybody) {
      thing.readableBy = 'everyone';
    } else if (actions.includes('delete')) {
      thing.deletableBy = 'owner';
    }
  }
  reading.needsAccounts = true;
  return true;
}

type Action = 'delete' | 'change' | 'read';

function takeActions(c: Cursor): Action[] {
  const actions: Action[] = [];
  for (;;) {
    const from = c.position;
    if (actions.length > 0 && !c.takeAny([', and', ',', 'and', 'or'])) {
      return actions;
    }
    if (c.take(DELETE)) {
      actions.push('delete');
    } else if (c.take(CHANGE)) {
      actions.push('change');
    } else if (c.take(READ)) {
      actions.push('read');
    } else {
      c.position = from;
      return actions;
    }
  }
}

/** Things that were spoken of; none named: the last. */
function takeObjects(c: Cursor, { drafts }: Reading): ResourceSpec[] {
  if (c.isAtEnd || c.token?.isMark || c.isAt('and|or') || c.takeAny(['it', 'them', 'one'])) {
    return drafts.current ? [drafts.current] : drafts.all;
  }
  const things: ResourceSpec[] = [];
  for (;;) {
    const from = c.position;
    if (things.length > 0 && !c.takeAny([', and', ', or', ',', 'and', 'or'])) {
      return things;
    }
    const thing = takeThing(c);
    const found = thing === undefined ? undefined : drafts.find(thing);
    if (!found) {
      c.position = from;
      return things;
    }
    things.push(found);
  }
}

/** `their own notes` */
function takeOwn(c: Cursor, reading: Reading): boolean {
  if (!c.takeAny(['their own', 'his|her own', 'their'])) {
    return false;
  }
  const thing = takeThing(c);
  if (thing === undefined && !c.isAtEnd) {
    return false;
  }
  const found = thing === undefined ? reading.drafts.current : reading.drafts.ensure(thing);
  if (found) {
    found.readableBy = 'owner';
  }
  reading.needsAccounts = true;
  return true;
}

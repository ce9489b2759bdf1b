import { wordsOf } from '../../names.js';
import type { ResourceSpec } from '../../project-spec.js';
import { putField } from '../drafts.js';
import { takeFieldList } from '../fields/field-list.js';
import { takeNoun, takeThing, textOf } from '../words/noun-phrases.js';
import type { Reading } from '../reading.js';
import type { Cursor } from '../words/words.js';

const ACTIONS = new Set(['create', 'read', 'view', 'list', 'edit', 'update', 'change', 'add', ',']);

/** `add a phone number to customers`, `remove the fax from customers`, `remove orders` */
export function readChange(c: Cursor, reading: Reading): boolean {
  if (c.take('add|give')) {
    return takeAddition(c, reading);
  }
  return isOrder(c) && c.take('remove|drop|delete') && takeRemoval(c, reading);
}

/** `remove orders` is one; what users may do, such as `update and delete orders`, is none. */
function isOrder(c: Cursor): boolean {
  const before = c.peek(-1);
  if (before === undefined || ['please', 'then', 'also'].includes(before.word)) {
    return true;
  }
  const isJoined = before.isMark || before.word === 'and';
  return isJoined && !ACTIONS.has(c.peek(-2)?.word ?? '');
}

function takeAddition(c: Cursor, reading: Reading): boolean {
  const { drafts } = reading;
  const added: ResourceSpec = {
    name: 'addition',
    fields: [],
    belongsTo: [],
    readableBy: 'owner',
    deletableBy: 'owner',
  };
  // Only fields: a relation would already have changed other things.
  const scratch = { ...reading, notes: [], drafts: drafts.fork() };
  const isRead = takeFieldList(c, () => added, scratch) > 0 && added.belongsTo.length === 0;
  const thing = isRead && c.take('to|on|for') ? takeThing(c) : undefined;
  const resource = thing === undefined ? undefined : drafts.find(thing);
  if (!resource || added.fields.length === 0) {
    return false;
  }
  added.fields.forEach((field) => {
    putField(resource, field);
  });
  drafts.current = resource;
  return true;
}

function takeRemoval(c: Cursor, { drafts }: Reading): boolean {
  const words = takeNoun(c);
  const text = words && textOf(words);
  if (text === undefined) {
    return false;
  }
  const thing = c.take('from|of') ? takeThing(c) : undefined;
  const owner = thing === undefined ? undefined : drafts.find(thing);
  if (owner) {
    const name = wordsOf(text)
      .filter((word) => word !== 'field')
      .join('_');
    const index = owner.fields.findIndex((field) => field.name === name);
    return index >= 0 && owner.fields.splice(index, 1).length > 0;
  }
  const removed = drafts.find(text);
  if (thing !== undefined || !removed) {
    return false;
  }
  drafts.remove(removed.name);
  return true;
}

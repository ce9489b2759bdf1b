import type { ResourceSpec } from '../project-spec.js';
import { putField } from './drafts.js';
import { takeField } from './field-phrase.js';
import { takeNoun, textOf } from './noun-phrases.js';
import { relate, type Reading } from './reading.js';
import { SINGLE_PLURALS } from './word-lists.js';
import type { Cursor } from './words.js';

const MANY = [
  'zero or more',
  'one or more',
  'many',
  'several',
  'multiple',
  'a list of',
  'lists of',
  'any number of',
];
const SEPARATORS = [', and', ', or', ',', 'and', 'plus', 'as well as', '&', '+'];
const VERBS = 'is|are|can|cannot|must|may|should|has|have|needs|need|belongs|belong|does|do|will';

/**
 * Reads what a thing has: fields, and things that belong to it.
 *
 * @param thing Called once it is sure that there is one.
 * @returns Whether there was any; the cursor stands after the last.
 */
export function takeFieldList(c: Cursor, thing: () => ResourceSpec, reading: Reading): boolean {
  const isInBrackets = c.take('(');
  c.takeAny(['following fields|attributes|properties :', 'fields|attributes|properties :', ':']);
  let count = 0;
  for (;;) {
    const from = c.position;
    if (count > 0 && !c.takeAny(SEPARATORS)) {
      break;
    }
    const item = takeItem(c, reading);
    if (item === undefined) {
      c.position = from;
      break;
    }
    const resource = thing();
    reading.drafts.current = resource;
    item(resource);
    count += 1;
  }
  return count > 0 && (!isInBrackets || c.take(')'));
}

type Item = (resource: ResourceSpec) => void;

/** @returns what to do with the thing that has it */
function takeItem(c: Cursor, reading: Reading): Item | undefined {
  return c.attempt(() => {
    const many = c.takeAny(MANY);
    const start = c.position;
    const words = takeNoun(c);
    if (!words || reading.isKnown(textOf(words)) || c.isAt(VERBS)) {
      return undefined;
    }
    const text = textOf(words);
    const last = words.at(-1);
    const isSeveral = last?.isPlural === true && !SINGLE_PLURALS.has(last.word);
    const known = reading.drafts.find(text);
    if (many || isSeveral) {
      return (parent) => relate(reading.drafts.ensure(text), parent, reading);
    }
    if (known) {
      return (child) => relate(child, known, reading);
    }
    c.position = start;
    const field = takeField(c);
    return field && !c.isAt('of|that') ? (resource) => putField(resource, field) : undefined;
  });
}

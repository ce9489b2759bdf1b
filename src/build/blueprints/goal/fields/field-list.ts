import type { FieldSpec, ResourceSpec } from '../../project-spec.js';
import { putField } from '../drafts.js';
import { fieldNamed, takeField } from './field-phrase.js';
import { takeRule } from './field-rules-phrases.js';
import { typeNamed } from './field-types.js';
import { takeNoun, takeThing, textOf } from '../words/noun-phrases.js';
import { relate, type Reading } from '../reading.js';
import { SINGLE_PLURALS } from '../words/word-lists.js';
import { Cursor } from '../words/words.js';

const MAX_STATE_WORDS = 3;
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
const MAY_FOLLOW = 'and|or|plus|as|with|without|in|on|for|using|where|but|via|from|each|so';
const VERBS = 'is|are|can|cannot|must|may|should|has|have|needs|need|belongs|belong|does|do|will';

/**
 * Reads what a thing has: fields, and things that belong to it.
 *
 * @param thing Called once it is sure that there is one.
 * @returns How many there were; the cursor stands after the last.
 */
export function takeFieldList(c: Cursor, thing: () => ResourceSpec, reading: Reading): number {
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
  return !isInBrackets || c.take(')') ? count : 0;
}

type Item = (resource: ResourceSpec) => void;

/** @returns what to do with the thing that has it */
function takeItem(c: Cursor, reading: Reading): Item | undefined {
  return c.attempt(() => {
    const many = c.takeAny(MANY);
    c.takeAny(['exactly|only one']);
    const start = c.position;
    const state = takeState(c);
    if (state) {
      return (resource) => putField(resource, state);
    }
    const role = takeRole(c, reading);
    if (role) {
      return role;
    }
    c.take('a|an|the|their|its');
    c.take('unique|optional|required|mandatory|nullable');
    const words = takeNoun(c);
    if (!words || reading.isKnown(textOf(words)) || c.isAt(VERBS)) {
      return undefined;
    }
    const text = textOf(words);
    const last = words.at(-1);
    const isSeveral =
      !words.some(({ word }) => word === 'number') &&
      last?.isPlural === true &&
      !SINGLE_PLURALS.has(last.word) &&
      !isRuled(c, text);
    const known = reading.drafts.find(text.replace(/ id$/, ''));
    if (many || isSeveral) {
      if (reading.isWish(text) && !known) {
        return undefined;
      }
      takeFieldsOf(c, text, reading);
      return (parent) => relate(reading.drafts.ensure(text), parent, reading, true);
    }
    if (known) {
      return (child) => relate(child, known, reading);
    }
    c.position = start;
    const field = takeField(c);
    const kind = field && takeKind(c, reading);
    if (kind) {
      return (resource) => relateAs(field.name, resource, kind, reading);
    }
    const isWhole = c.isAtEnd || c.token?.isMark === true || c.isAt(MAY_FOLLOW) || isAdded(c);
    return field && isWhole ? (resource) => putField(resource, field) : undefined;
  });
}

/** Numbers have bounds and values have types, things have neither: `servings between 1 and 20`, `allergies as text`. */
function isRuled(c: Cursor, name: string): boolean {
  const ahead = new Cursor(c.tokens, c.position);
  const isSaid = ahead.take('as') || ahead.take('(');
  const isOfKind = isSaid && typeNamed(ahead.token?.word ?? '') !== undefined;
  const after = ahead.peek();
  const isList =
    c.isAt('(') && after?.word !== ')' && typeNamed(ahead.peek(2)?.word ?? '') !== undefined;
  return (isOfKind && !isList) || (!c.isAt('(|:|with') && takeRule(ahead, fieldNamed(name)));
}

/** `whether it is in stock` */
function takeState(c: Cursor): FieldSpec | undefined {
  return c.attempt(() => {
    const isSaid = c.takeAny(['whether|if it|they is|are|was|were', 'whether|if it|they has been']);
    const from = c.position;
    while (c.token && !c.token.isMark && !c.isAt('and|or|with')) {
      c.position += 1;
    }
    const words = c.tokens.slice(from, c.position);
    c.take('or not');
    const isName = isSaid && words.length > 0 && words.length <= MAX_STATE_WORDS;
    return isName ? { ...fieldNamed(textOf(words)), type: 'boolean', default: false } : undefined;
  });
}

/** `assigned to an employee`, of things that are spoken of elsewhere */
function takeRole(c: Cursor, reading: Reading): Item | undefined {
  return c.attempt(() => {
    const participle = c.token;
    const isSaid = participle !== undefined && /(ed|en)$/.test(participle.word);
    c.position += 1;
    const by = isSaid && (c.take('to') ? 'to' : c.take('by') && 'by');
    const thing = by ? takeThing(c) : undefined;
    const parent = thing === undefined ? undefined : reading.drafts.find(thing);
    const role = `${participle?.word ?? ''} ${String(by)}`;
    return parent && ((child) => relateAs(role, child, parent, reading));
  });
}

/** `a manager, who is an employee` @returns the thing that it is one of */
function takeKind(c: Cursor, { drafts }: Reading): ResourceSpec | undefined {
  return c.attempt(() => {
    c.take(',');
    const isSaid = c.take('who|which|that is|are');
    c.take('also');
    const thing = isSaid ? takeThing(c) : undefined;
    return thing === undefined ? undefined : drafts.find(thing);
  });
}

function relateAs(role: string, one: ResourceSpec, other: ResourceSpec, reading: Reading): void {
  relate(one, other, reading);
  if (one.name !== other.name) {
    reading.notes.push(`The ${role} of ${one.name} is kept as its ${other.name}_id`);
  }
}

/** `posts that have a title, and comments that have a body` */
function takeFieldsOf(c: Cursor, thing: string, reading: Reading): void {
  c.attempt(() => {
    const isSaid = c.takeAny([
      ...['that|which have|has', 'that|which contain|contains', 'each with', 'with'],
    ]);
    const count = isSaid ? takeFieldList(c, () => reading.drafts.ensure(thing), reading) : 0;
    return count > 0 || undefined;
  });
}

/** `add a phone number to customers`; elsewhere what goes on with `to` is something to do. */
function isAdded(c: Cursor): boolean {
  return c.isAt('to') && c.tokens.some(({ word }) => word === 'add' || word === 'give');
}

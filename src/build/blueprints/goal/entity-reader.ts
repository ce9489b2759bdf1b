import { readChange } from './change-sentences.js';
import { readAccess } from './access-sentences.js';
import type { FieldSpec } from '../project-spec.js';
import { Drafts, putField } from './drafts.js';
import { takeFieldList } from './field-list.js';
import { takeNoun, takeThing } from './noun-phrases.js';
import { readManyToMany } from './many-to-many.js';
import { readKeeping, readProduct } from './product-reader.js';
import { relate, type Reading } from './reading.js';
import { readRuleOf } from './rule-sentences.js';
import { FLAGS, PROGRAMS } from './word-lists.js';
import { Cursor, type Token } from './words.js';

const HAS = ['has|have|having', 'contains|contain|includes|include', 'consists|consist of', 'with'];
const SAID_OF = ['should|must|will|shall|can|may have', 'should|must|will contain|include', ...HAS];
const BELONGS = [
  ...['belongs|belong to', 'is|are owned by', 'is|are part of', 'is|are assigned to'],
  ...[
    'must|should|can belong to',
    'is|are linked|related|attached to',
    'is|are written|made|placed by',
  ],
];

const PRECEDES_THING = new Set([
  ...[
    'and',
    'for',
    'of',
    'a',
    'an',
    'the',
    'each',
    'every',
    'create',
    'build',
    'make',
    'add',
    'need',
    'want',
  ],
  ...[
    'expose',
    'provide',
    'have',
    'has',
    'with',
    'also',
    'where',
    'plus',
    'our',
    'my',
    'offer',
    'support',
  ],
]);

/** Reads what a sentence says of things to store. @returns which of its tokens it understood */
export function readSentence(tokens: readonly Token[], reading: Reading): Token[] {
  const c = new Cursor(tokens);
  const understood: Token[] = [];
  while (!c.isAtEnd) {
    const from = c.position;
    const isRead =
      c.attempt(() => readChange(c, reading) || undefined) ??
      c.attempt(() => readManyToMany(c, reading) || undefined) ??
      c.attempt(() => readAccess(c, reading) || undefined) ??
      c.attempt(() => readKeeping(c, reading) || undefined) ??
      c.attempt(() => readThingClause(c, reading) || undefined) ??
      c.attempt(() => readProduct(c, reading) || undefined) ??
      c.attempt(() => readRuleOf(c, reading) || undefined);
    if (isRead) {
      understood.push(...tokens.slice(from, c.position));
    } else {
      c.position += 1;
    }
  }
  return understood;
}

/** `An order belongs to a customer, has a status and a total`, `orders: status, total` */
function readThingClause(c: Cursor, reading: Reading): boolean {
  const isHeading = c.position === 0;
  const canHaveWith = isHeading || canPrecedeThing(c.tokens[c.position - 1]);
  if (isProgram(c)) {
    return false;
  }
  const thing = takeThing(c);
  if (thing === undefined || reading.isWish(thing)) {
    return false;
  }
  let isRead = false;
  // A name before `has` is a thing wherever it stands; `with` and brackets need one that is spoken of in the plural.
  const isSure =
    c.tokens[c.position - 1]?.isPlural === true || reading.drafts.find(thing) !== undefined;
  for (;;) {
    const from = c.position;
    if (isRead) {
      c.takeAny([', and', ',', 'and']);
      c.take('it|they');
      c.take('also');
    }
    const flag = isRead ? takeFlag(c) : undefined;
    if (flag) {
      putField(reading.drafts.ensure(thing), flag);
      continue;
    }
    const isOfThing = c.takeAny(BELONGS)
      ? takeParents(c, thing, reading)
      : takeFields(c, thing, isSure && canHaveWith, isHeading, reading);
    if (!isOfThing) {
      c.position = from;
      return isRead;
    }
    isRead = true;
  }
}

/** A recipe app with recipes is no recipe. */
function isProgram(c: Cursor): boolean {
  const ahead = new Cursor(c.tokens, c.position);
  const words = takeNoun(ahead) ?? [];
  const isOfThing = words.length > 1 && PROGRAMS.has(words.at(-1)?.word ?? '');
  return isOfThing && ahead.isAt('with|:|having');
}

/** What is done with house prices in `predict house prices with care` isn't storing them. */
function canPrecedeThing(token: Token | undefined): boolean {
  return token === undefined || token.isMark || PRECEDES_THING.has(token.word);
}

/** `is done or not` */
function takeFlag(c: Cursor): FieldSpec | undefined {
  return c.attempt(() => {
    const name = c.takeAny(['is|are either', 'is|are|can be', 'is|are'])
      ? c.token?.word
      : undefined;
    if (name === undefined || !FLAGS.has(name)) {
      return undefined;
    }
    c.position += 1;
    c.take('or not');
    return { name, type: 'boolean', required: true, unique: false, default: false };
  });
}

function takeFields(
  c: Cursor,
  thing: string,
  isSure: boolean,
  isHeading: boolean,
  reading: Reading,
): boolean {
  const isWith = c.isAt('with');
  const isListed = c.isAt(':') || c.isAt('(');
  const isSaid = isListed ? c.take(':') || c.isAt('(') : c.takeAny(SAID_OF);
  if (!isSaid || (isWith && !isSure) || (isListed && !isSure && !isHeading)) {
    return false;
  }
  const least = isListed && !isSure ? 2 : 1;
  const scratch = { ...reading, notes: [], drafts: new Drafts(reading.drafts.all, new Set()) };
  const count = new Cursor(c.tokens, c.position);
  if (takeFieldList(count, () => scratch.drafts.ensure(thing), scratch) < least) {
    return false;
  }
  return takeFieldList(c, () => reading.drafts.ensure(thing), reading) > 0;
}

function takeParents(c: Cursor, child: string, reading: Reading): boolean {
  let isRead = false;
  for (;;) {
    const from = c.position;
    if (isRead && !c.takeAny([', and', ',', 'and'])) {
      return true;
    }
    c.take('exactly|only');
    const parent = takeThing(c);
    if (parent === undefined || c.isAt('has|have|is|are|can|must|belongs')) {
      c.position = from;
      return isRead;
    }
    const resource = reading.drafts.ensure(child);
    reading.drafts.current = resource;
    relate(resource, reading.drafts.ensure(parent), reading);
    isRead = true;
  }
}

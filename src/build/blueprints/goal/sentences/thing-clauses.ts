import type { FieldSpec } from '../../project-spec.js';
import { putField } from '../drafts.js';
import { takeFieldList } from '../fields/field-list.js';
import { takeNoun, takeThing } from '../words/noun-phrases.js';
import { relate, type Reading } from '../reading.js';
import { FLAGS, PROGRAMS } from '../words/word-lists.js';
import { Cursor, type Token } from '../words/words.js';

const HAS = [
  'has|have|having',
  'owns|own',
  'contains|contain|includes|include',
  'consists|consist of',
  'with',
];
const SAID_OF = ['should|must|will|shall|can|may have', 'should|must|will contain|include', ...HAS];
const BELONGS = [
  ...['belongs|belong to', 'is|are owned by', 'is|are part of', 'is|are assigned to'],
  ...[
    'must|should|can belong to',
    'is|are linked|related|attached to',
    'is|are written|made|placed by',
  ],
  ...[
    'connects|connect',
    'references|reference',
    'should|must|shall|can reference',
    'refers|refer|points|point to',
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

/** `An order belongs to a customer, has a status and a total`, `orders: status, total` */
export function readThingClause(c: Cursor, reading: Reading): boolean {
  const isHeading = c.position === 0;
  const canHaveWith = isHeading || canPrecedeThing(c.tokens[c.position - 1]);
  if (isProgram(c)) {
    return false;
  }
  const thing = takeSubject(c, reading);
  if (thing === undefined) {
    return false;
  }
  const place = { isHeading, canHaveWith };
  const isFree =
    !reading.isWish(thing) || reading.drafts.find(thing) || isOwnThing(c, thing, place, reading);
  return isFree && readClausesOf(c, thing, place, reading);
}

interface Place {
  isHeading: boolean;
  canHaveWith: boolean;
}

/** An account that has an IBAN is kept; one with an email and a password is who logs in. */
function isOwnThing(c: Cursor, thing: string, place: Place, reading: Reading): boolean {
  const drafts = reading.drafts.fork();
  const ahead = new Cursor(c.tokens, c.position);
  readClausesOf(ahead, thing, place, { ...reading, notes: [], drafts });
  const fields = drafts.find(thing)?.fields ?? [];
  return fields.length > 0 && !fields.some(({ name }) => OF_ACCOUNTS.has(name));
}

const OF_ACCOUNTS = new Set(['email', 'username', 'password', 'role', 'login']);

function readClausesOf(
  c: Cursor,
  thing: string,
  { isHeading, canHaveWith }: Place,
  reading: Reading,
): boolean {
  let isRead = false;
  // A name before `has` is a thing wherever it stands; `with` and brackets need one that is spoken of in the plural.
  const isSure =
    c.tokens[c.position - 1]?.isPlural === true || reading.drafts.find(thing) !== undefined;
  const isKnown = () => c.isAt('is|are|can') && reading.drafts.find(thing) !== undefined;
  for (;;) {
    const from = c.position;
    if (isRead) {
      c.takeAny([', and', ',', 'and']);
      c.take('it|they');
      c.take('also');
    }
    const flag = isRead || isKnown() ? takeFlag(c) : undefined;
    if (flag && (isRead || c.isAtEnd)) {
      putField(reading.drafts.ensure(thing), flag);
      isRead = true;
      continue;
    }
    const isOfThing = takeBelongs(c, reading)
      ? takeParents(c, thing, reading)
      : takeFields(c, thing, isSure && canHaveWith, isHeading, reading);
    if (!isOfThing) {
      c.position = from;
      return isRead;
    }
    isRead = true;
  }
}

/** What a clause speaks of; `it` and `they` are what the sentence before spoke of. */
function takeSubject(c: Cursor, { drafts }: Reading): string | undefined {
  const isSame = c.position === 0 && drafts.current !== undefined && c.take('it|they');
  if (c.isAt('fields|attributes|properties :')) {
    return undefined;
  }
  return isSame ? drafts.current?.name : takeThing(c);
}

/** `belongs to`; any other way to stand to a thing (`is driven by a driver`), where the goal speaks of it elsewhere. */
function takeBelongs(c: Cursor, { drafts }: Reading): boolean {
  if (c.takeAny(BELONGS)) {
    return true;
  }
  const passive = c.attempt(() => {
    const isSaid = c.take('is|are') && /(ed|en|ght|ld)$/.test(c.token?.word ?? '');
    c.position += 1;
    const isJoined = isSaid && c.take('by|to|from|with|in');
    const thing = isJoined ? takeThing(new Cursor(c.tokens, c.position)) : undefined;
    return (thing !== undefined && drafts.find(thing)) || undefined;
  });
  return passive !== undefined;
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
    c.position += 1;
    const isSaid = c.take('or not');
    if (name === undefined || !(isSaid || FLAGS.has(name))) {
      return undefined;
    }
    const isDefault = c.take('by default');
    return { name, type: 'boolean', required: true, unique: false, default: isDefault };
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
  const scratch = { ...reading, notes: [], drafts: reading.drafts.fork() };
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
    c.take('to');
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

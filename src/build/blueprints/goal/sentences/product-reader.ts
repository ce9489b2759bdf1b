import { singularName } from '../../names.js';
import { isFamiliar } from '../familiar-things.js';
import { takeFieldList } from '../fields/field-list.js';
import { takeNoun, textOf, thingIn } from '../words/noun-phrases.js';
import { relate, type Reading } from '../reading.js';
import { CONTAINERS, EVERYBODY, KEEPING_VERBS, KEEPS_THINGS } from '../words/word-lists.js';
import { Cursor, type Token } from '../words/words.js';

/** `manage books`, `CRUD for orders and customers`, `users can manage their notes` */
export function readKeeping(c: Cursor, reading: Reading): boolean {
  const { token } = c;
  if (c.attempt(() => takeMaking(c, reading) || undefined)) {
    return true;
  }
  if (!c.attempt(() => takeCrudVerbs(c) || undefined)) {
    if (token === undefined || !KEEPING_VERBS.has(token.word)) {
      return false;
    }
    c.position += 1;
  }
  c.takeAny([
    'operations|endpoints|routes|resources for|of|on',
    'for|of|on',
    'track of',
    'and edit|view',
  ]);
  return takeThings(c, reading);
}

/** `I can register books with a title and an author`: what is made has fields, and so is kept. */
function takeMaking(c: Cursor, reading: Reading): boolean {
  const isSaid = c.isAt(MAKING) && [...MODALS, 'to'].includes(c.peek(-1)?.word ?? '');
  c.position += 1;
  if (!isSaid || c.peek(-5)?.word === 'only') {
    return false;
  }
  const scratch = { ...reading, notes: [], drafts: reading.drafts.fork() };
  const words = takeNoun(new Cursor(c.tokens, c.position));
  const thing = words && thingIn(words);
  const isMade = takeThings(new Cursor(c.tokens, c.position), scratch);
  const made = thing === undefined ? undefined : scratch.drafts.find(thing);
  return isMade && (made?.fields.length ?? 0) > 1 && takeThings(c, reading);
}

/** `create, read, update and delete`; who alone may do so is said otherwise. */
function takeCrudVerbs(c: Cursor): boolean {
  const isOfSome = MODALS.has(c.peek(-1)?.word ?? '');
  const who = c.peek(-2)?.word ?? '';
  if ((isOfSome && !EVERYBODY.has(who)) || c.peek(-3)?.word === 'only') {
    return false;
  }
  const verbs: string[] = [];
  let isGoingOn = true;
  while (isGoingOn) {
    const verb = c.token?.word ?? '';
    isGoingOn = c.take(CRUD_VERBS);
    if (isGoingOn) {
      verbs.push(verb);
      c.takeAny([', and', ',', 'and', 'or', '/']);
    }
  }
  return verbs.length > 1 && verbs.some((verb) => MAKING_VERBS.has(verb));
}

/** Things in a row, each in the plural, some with their fields. */
function takeThings(c: Cursor, reading: Reading): boolean {
  const names: { text: string; isOwn: boolean }[] = [];
  for (;;) {
    const from = c.position;
    if (names.length > 0 && !c.takeAny([', and', ',', 'and', 'as well as', 'plus', '&'])) {
      break;
    }
    const isOwn = c.isAt('their|his|her|own');
    const words = takeNoun(c);
    const thing = words && thingIn(words);
    const isThing =
      words &&
      thing !== 'users' &&
      thing !== undefined &&
      !reading.isKnown(textOf(words)) &&
      (!reading.isWish(thing) || reading.drafts.find(thing) !== undefined);
    const isPlural =
      words?.at(-1)?.isPlural === true ||
      c.isAt('with fields|attributes|properties') ||
      (thing && reading.drafts.find(thing));
    const endsWell = !c.isAt('is|are|of|by|can|could|must|may|should|not|has|have|belongs|belong');
    if (!isThing || !isPlural || !endsWell) {
      c.position = from;
      break;
    }
    // `recipes and their ingredients`: those of the recipes.
    const whole = isOwn ? names.at(-1) : undefined;
    if (whole) {
      relate(reading.drafts.ensure(thing), reading.drafts.ensure(whole.text), reading, true);
    }
    names.push({ text: thing, isOwn: isOwn && !whole });
    const hasFields =
      c.isAt('(') || c.isAt(':') || c.isAt('with|having|including') || c.isAt('that have');
    if (hasFields) {
      const before = c.position;
      c.takeAny(['with|having|including', 'that have', ':']);
      if (takeFieldList(c, () => reading.drafts.ensure(thing), reading) === 0) {
        c.position = before;
      }
    }
  }
  for (const { text, isOwn } of names) {
    reading.drafts.current = reading.drafts.ensure(text);
    reading.needsAccounts ||= isOwn;
  }
  return names.length > 0;
}

const MODALS = new Set(['can', 'may', 'could', 'should', 'must']);
const MAKING = 'create|add|write|post|register|enter|submit|publish|bookmark|upload|log|save';
const MAKING_VERBS = new Set(['create', 'add', 'write', 'post']);
const CRUD_VERBS = 'create|add|write|post|read|view|see|list|edit|update|change|delete|remove';

const FOLLOWED = ['with', 'that has|have', 'where each has', 'having', ':', 'containing'];

/** `a todo list API with title and due date`, `a blog with posts and comments`, `an API for books` */
export function readProduct(c: Cursor, reading: Reading): boolean {
  if (c.attempt(() => takeKeeper(c, reading) || undefined)) {
    return true;
  }
  const words = takeNoun(c);
  if (!words || reading.isKnown(textOf(words))) {
    return false;
  }
  const isProduct = words.some(({ key }) => CONTAINERS.has(key) || KEEPS_THINGS.has(key));
  if (!isProduct) {
    return false;
  }
  reading.asides.push(...words.filter(({ word }) => reading.isKnown(word)));
  if (c.token && KEEPING_VERBS.has(c.token.word) && !c.isAt('list|lists')) {
    c.position += 1;
    return takeThings(c, reading);
  }
  const own = words.filter(({ key }) => !CONTAINERS.has(key));
  const thing = thingIn(own);
  const isNoThing = thing === undefined || reading.isWish(thing);
  if (c.isAt('for|of|to') && isNoThing) {
    c.position += 1;
    c.takeAny(['users to', 'people to']);
    const verb = c.token;
    c.position += verb && KEEPING_VERBS.has(verb.word) ? 1 : 0;
    return takeThings(c, reading);
  }
  const isRead = c.attempt(() => {
    if (!c.takeAny(FOLLOWED)) {
      return undefined;
    }
    const isOfThings = c.attempt(() => takeThings(c, reading) || undefined);
    const hasFields = () => takeFieldList(c, () => reading.drafts.ensure(thing ?? ''), reading) > 0;
    return isOfThings ?? ((!isNoThing && hasFields()) || undefined);
  });
  if (isRead) {
    return true;
  }
  if (isNoThing || !isKept(thing, words, own, reading)) {
    return false;
  }
  // `A flat listings API: a listing has ...` speaks of one thing.
  const known = reading.drafts.find(own.at(-1)?.word ?? '');
  reading.drafts.current = known ?? reading.drafts.ensure(thing);
  return true;
}

/** `todo list`, `a task manager`, `a notes app`, `an invoices API`; there is no telling what a weather API stores. */
function isKept(
  thing: string,
  words: readonly Token[],
  own: readonly Token[],
  { drafts }: Reading,
): boolean {
  return (
    words.some(({ key }) => KEEPS_THINGS.has(key)) ||
    drafts.find(thing) !== undefined ||
    isFamiliar(singularName(thing)) ||
    (words.at(-1)?.word === 'api' && own.at(-1)?.isPlural === true)
  );
}

/** `a gym tracks members and classes`, `there are tables and reservations` */
function takeKeeper(c: Cursor, reading: Reading): boolean {
  if (c.takeAny(['there is|are'])) {
    return takeThings(c, reading);
  }
  c.take('a|an|the|our|my');
  const [keeper, verb] = [c.token, c.peek()];
  if (!keeper || !verb || !CONTAINERS.has(keeper.key) || !KEEPING_VERBS.has(verb.word)) {
    return false;
  }
  c.position += 2;
  return takeThings(c, reading);
}

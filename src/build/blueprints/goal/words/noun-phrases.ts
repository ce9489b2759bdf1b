import { DETERMINERS, ENDS_PHRASE, NO_THING, QUALIFIERS } from './word-lists.js';
import type { Cursor, Token } from './words.js';

const MAX_WORDS = 4;
/** `all the`: with more of them before it, no noun is meant, and looking past them takes time with their square. */
const MAX_DETERMINERS = 8;
/** After them stands a noun, whatever kind of word it looks like. */
const ARTICLES = new Set(['a', 'an', 'each', 'every']);
/** End what goes on after `of`: `number of seats`. */
const GOES_ON = new Set(['number', 'date', 'time', 'day', 'place', 'type', 'kind']);

/** Says a default: `a count starting at 0`. */
const STARTS_AT = 'starting|beginning at|with|from';
const END_NAME = new Set(
  'and or with date time datetime timestamp optional unique required'.split(' '),
);

/** The words of a name, without what stands before it; the cursor goes past them. */
export function takeNoun(c: Cursor): Token[] | undefined {
  return c.attempt(() => {
    for (let skipped = 0; c.token && DETERMINERS.has(c.token.word); skipped += 1) {
      if (skipped === MAX_DETERMINERS) {
        return undefined;
      }
      c.position += 1;
    }
    const words: Token[] = [];
    const goesOn = () =>
      c.token !== undefined && isPart(c.token) && !c.isAt(STARTS_AT) && !isBound(c);
    while (c.token && words.length < MAX_WORDS && goesOn()) {
      words.push(c.token);
      c.position += 1;
      const particle = takeParticle(c, words.at(-1));
      words.push(...(particle ? [particle] : []));
    }
    const next = c.peek();
    if (GOES_ON.has(words.at(-1)?.word ?? '') && c.isAt('of') && next && isPart(next)) {
      words.push(...c.tokens.slice(c.position, c.position + 2));
      c.position += 2;
    }
    return words.length > 0 && !goesOn() ? words : undefined;
  });
}

/** A noun phrase that names a thing to store; the cursor goes past it. */
export function takeThing(c: Cursor): string | undefined {
  return c.attempt(() => {
    const words = takeNoun(c);
    const first = words && c.tokens[c.tokens.findIndex((token) => token === words[0]) - 1];
    const hasArticle = first !== undefined && ARTICLES.has(first.word);
    return words && thingIn(words, hasArticle || c.isAt(':') || c.isAt('('));
  });
}

/** What is left of a phrase without the words that name no thing: `simple todo list` -> `todo`. */
export function thingIn(words: readonly Token[], hasArticle = false): string | undefined {
  const isNone = ({ word, key }: Token) => NO_THING.has(word) || NO_THING.has(key);
  const end = words.findLastIndex((word) => !isNone(word)) + 1;
  const own = words
    .slice(0, end)
    .filter((word, index) => !isNone(word) || (QUALIFIERS.has(word.word) && index + 2 === end));
  const last = own.at(-1);
  const isNoun =
    (hasArticle && last !== undefined) ||
    last?.kind === 'noun' ||
    (last?.isPlural === true && last.kind !== 'other');
  const hasVerb = own
    .slice(0, -1)
    .some(({ kind, word }) => kind === 'verb' && !/(ed|ing)$/.test(word) && !QUALIFIERS.has(word));
  return isNoun && !hasVerb ? textOf(own) : undefined;
}

export function textOf(words: readonly Token[]): string {
  return words.map(({ word }) => word).join(' ');
}

function isPart({ isMark, word, kind }: Token): boolean {
  return !isMark && !ENDS_PHRASE.has(word) && !DETERMINERS.has(word) && kind !== 'number';
}

/** `max 200` */
function isBound(c: Cursor): boolean {
  return c.isAt('max|min|maximum|minimum') && c.peek()?.kind === 'number';
}

/** Small words that belong to the name before them: `check in date`, `created at`, `starts at`, `valid until`. */
function takeParticle(c: Cursor, last: Token | undefined): Token | undefined {
  const { token } = c;
  if (!last || !token) {
    return undefined;
  }
  const isCompound =
    ['check', 'opt', 'pick', 'drop', 'sign'].includes(last.word) && c.isAt('in|out|up|off');
  const isParticiple =
    last.kind === 'verb' && /(ed|en|ght|ld|id)$/.test(last.word) && c.isAt('at|on');
  const isMoment =
    (/([^s]s|ed|en|nt)$/.test(last.word) && c.isAt('at|on')) ||
    (['valid', 'available', 'active'].includes(last.word) && c.isAt('from|until|till'));
  if (!isCompound && !isParticiple && !(isMoment && mayEndName(c.peek()))) {
    return undefined;
  }
  c.position += 1;
  return token;
}

function mayEndName(next: Token | undefined): boolean {
  return next === undefined || next.isMark || END_NAME.has(next.word);
}

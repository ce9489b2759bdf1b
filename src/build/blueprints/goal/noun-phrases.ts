import { DETERMINERS, ENDS_PHRASE, NO_THING } from './word-lists.js';
import type { Cursor, Token } from './words.js';

const MAX_WORDS = 4;
/** Begin a name that goes on after `of`: `number of seats`. */
const GOES_ON = new Set(['number', 'date', 'time', 'day', 'place', 'type', 'kind']);

/** The words of a name, without what stands before it; the cursor goes past them. */
export function takeNoun(c: Cursor): Token[] | undefined {
  return c.attempt(() => {
    while (c.token && DETERMINERS.has(c.token.word)) {
      c.position += 1;
    }
    const words: Token[] = [];
    while (c.token && words.length < MAX_WORDS && isPart(c.token)) {
      words.push(c.token);
      c.position += 1;
    }
    const [first] = words;
    const next = c.peek();
    if (
      words.length === 1 &&
      first &&
      GOES_ON.has(first.word) &&
      c.isAt('of') &&
      next &&
      isPart(next)
    ) {
      words.push(...c.tokens.slice(c.position, c.position + 2));
      c.position += 2;
    }
    return words.length > 0 && (c.token === undefined || !isPart(c.token)) ? words : undefined;
  });
}

/** A noun phrase that names a thing to store; the cursor goes past it. */
export function takeThing(c: Cursor): string | undefined {
  return c.attempt(() => {
    const words = takeNoun(c);
    return words && thingIn(words);
  });
}

/** What is left of a phrase without the words that name no thing: `simple todo list` -> `todo`. */
export function thingIn(words: readonly Token[]): string | undefined {
  const own = words.filter(({ word, key }) => !NO_THING.has(word) && !NO_THING.has(key));
  const last = own.at(-1);
  return last === undefined || last.kind === 'verb' || last.kind === 'adjective'
    ? undefined
    : textOf(own);
}

export function textOf(words: readonly Token[]): string {
  return words.map(({ word }) => word).join(' ');
}

function isPart({ isMark, word, kind }: Token): boolean {
  return !isMark && !ENDS_PHRASE.has(word) && kind !== 'number';
}

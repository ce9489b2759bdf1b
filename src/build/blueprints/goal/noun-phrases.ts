import { DETERMINERS, ENDS_PHRASE, NO_THING } from './word-lists.js';
import type { Cursor, Token } from './words.js';

const MAX_WORDS = 4;
/** `all the`: with more of them before it, no noun is meant, and looking past them takes time with their square. */
const MAX_DETERMINERS = 8;
/** After them stands a noun, whatever kind of word it looks like. */
const ARTICLES = new Set(['a', 'an', 'each', 'every']);
/** Begin a name that goes on after `of`: `number of seats`. */
const GOES_ON = new Set(['number', 'date', 'time', 'day', 'place', 'type', 'kind']);

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
    while (c.token && words.length < MAX_WORDS && isPart(c.token)) {
      words.push(c.token);
      c.position += 1;
      const particle = takeParticle(c, words.at(-1));
      words.push(...(particle ? [particle] : []));
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
    const first = words && c.tokens[c.tokens.findIndex((token) => token === words[0]) - 1];
    return words && thingIn(words, first !== undefined && ARTICLES.has(first.word));
  });
}

/** What is left of a phrase without the words that name no thing: `simple todo list` -> `todo`. */
export function thingIn(words: readonly Token[], hasArticle = false): string | undefined {
  const own = words.filter(({ word, key }) => !NO_THING.has(word) && !NO_THING.has(key));
  const last = own.at(-1);
  const isNoun =
    (hasArticle && last !== undefined) ||
    last?.kind === 'noun' ||
    (last?.isPlural === true && last.kind !== 'other');
  const hasVerb = own
    .slice(0, -1)
    .some(({ kind, word }) => kind === 'verb' && !/(ed|ing)$/.test(word));
  return isNoun && !hasVerb ? textOf(own) : undefined;
}

export function textOf(words: readonly Token[]): string {
  return words.map(({ word }) => word).join(' ');
}

function isPart({ isMark, word, kind }: Token): boolean {
  return !isMark && !ENDS_PHRASE.has(word) && !DETERMINERS.has(word) && kind !== 'number';
}

/** Small words that belong to the name before them: `check in date`, `created at`. */
function takeParticle(c: Cursor, last: Token | undefined): Token | undefined {
  const isCompound =
    last && ['check', 'opt', 'pick', 'drop', 'sign'].includes(last.word) && c.isAt('in|out|up|off');
  const isParticiple =
    last?.kind === 'verb' && /(ed|en|ght|ld|id)$/.test(last.word) && c.isAt('at|on');
  const next = c.token;
  c.position += isCompound || isParticiple ? 1 : 0;
  return isCompound || isParticiple ? next : undefined;
}

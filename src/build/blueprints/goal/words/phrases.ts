import { type Meaning, VOCABULARY } from './goal-vocabulary.js';

export interface Phrase {
  means: Meaning;
  isWeak: boolean;
}

export const PHRASES = new Map<string, Phrase>(
  VOCABULARY.flatMap(({ means, isWeak = false, phrases }) =>
    phrases.map(
      (phrase) => [phrase.split(' ').map(singular).join(' '), { means, isWeak }] as const,
    ),
  ),
);
export const LONGEST_PHRASE = Math.max(...[...PHRASES.keys()].map((key) => key.split(' ').length));

/** Add nothing to a phrase that asks for something: `JWT based auth`, `user login`. */
const ADDED = new Set(['user', 'based', 'support', 'api', 'endpoint', 'system', 'module']);

/** Whether a phrase asks for something that no thing and no field is called; `JWT auth` does by each of its words. */
export function isKnown(phrase: string): boolean {
  const words = phrase.split(/[\s-]+/).map(singular);
  return phraseOf(phrase)?.isWeak === false || isMadeOfKnown(words);
}

function isMadeOfKnown(words: readonly string[], from = 0, hasKnown = false): boolean {
  if (from === words.length) {
    return hasKnown;
  }
  const isAdded = ADDED.has(words[from] ?? '');
  const ends = words.map((_, index) => index + 1).filter((end) => end > from);
  return (
    ends.some((end) => {
      const phrase = PHRASES.get(words.slice(from, end).join(' '));
      return phrase?.isWeak === false && isMadeOfKnown(words, end, true);
    }) ||
    (isAdded && isMadeOfKnown(words, from + 1, hasKnown))
  );
}

/** Whether a phrase asks, or may ask, for something else than a thing to store. */
export function isWish(phrase: string): boolean {
  return phraseOf(phrase) !== undefined;
}

export function phraseOf(text: string): Phrase | undefined {
  return PHRASES.get(
    text
      .split(/[\s-]+/)
      .map(singular)
      .join(' '),
  );
}

/** As the vocabulary has it: without a plural `s`. */
export function singular(word: string): string {
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

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

/** Whether a phrase asks for something that no thing and no field is called. */
export function isKnown(phrase: string): boolean {
  return phraseOf(phrase)?.isWeak === false;
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

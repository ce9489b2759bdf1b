import { singularName } from '../names.js';
import { CONTAINERS } from './words/word-lists.js';

interface Word {
  key: string;
  word: string;
}

const ARTICLES = new Set(['a', 'an', 'my', 'our']);
/** A noun with an adjective or two. */
const MAX_WORDS = 3;
/** With one of them a clause says something of the things that it names. */
const STATES = new Set(
  [
    'who which that can could should shall must will would may might is are was be has have having',
    'it its their them',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Tells unknown words that add nothing to what is stored: names of the things themselves (`Surveys: ...`), and what the
 * product is for (`for a veterinary clinic`).
 *
 * @param things Names of what the goal stores; without any, every word counts.
 */
export function saysNothingElse(things: readonly string[]) {
  const names = new Set(things.flatMap((name) => name.split('_')));
  return (unknown: readonly Word[], clause: readonly Word[]): boolean => {
    const start = clause.findIndex((word) => word === unknown[0]);
    // What stands between two names relates them: `comments on posts`.
    const isOneName = unknown.every((word, index) => clause[start + index] === word);
    const isNamed = unknown.every(({ word }) => names.has(singularName(word)));
    const isStated = clause.some(({ word }) => STATES.has(word));
    const isSaid = (isNamed && !isStated) || isSetting(unknown, clause.slice(0, start));
    return names.size > 0 && isOneName && isSaid;
  };
}

function isSetting(unknown: readonly Word[], before: readonly Word[]): boolean {
  return (
    CONTAINERS.has(unknown.at(-1)?.key ?? '') &&
    unknown.length <= MAX_WORDS &&
    before.some(({ word }) => ARTICLES.has(word))
  );
}

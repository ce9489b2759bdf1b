import { CONNECTIVES, FILLERS, type Meaning, NEGATIONS, VOCABULARY } from './goal-vocabulary.js';

/** A phrase of the goal that the vocabulary knows. */
export interface Wish {
  means: Meaning;
  /** As the goal has it. */
  text: string;
  isNegated: boolean;
}

export interface GoalReading {
  wishes: Wish[];
  /** Whatever asks for something that the vocabulary doesn't know, word for word, in order. */
  notUnderstood: string[];
}

interface Word {
  /** Lower case, singular. */
  key: string;
  /** Lower case. */
  word: string;
  start: number;
  end: number;
}

interface Phrase {
  means: Meaning;
  isWeak: boolean;
}

const PHRASES = new Map<string, Phrase>(
  VOCABULARY.flatMap(({ means, isWeak = false, phrases }) =>
    phrases.map(
      (phrase) => [phrase.split(' ').map(singular).join(' '), { means, isWeak }] as const,
    ),
  ),
);
const LONGEST_PHRASE = Math.max(...[...PHRASES.keys()].map((key) => key.split(' ').length));

/** Reads a goal, clause by clause; pure. */
export function readGoal(goal: string): GoalReading {
  const reading: GoalReading = { wishes: [], notUnderstood: [] };
  for (const clause of clausesOf(goal)) {
    readClause(goal, clause, reading);
  }
  return reading;
}

/** What a single name means, as `parameters.features` has it; `undefined` where the vocabulary doesn't know it. */
export function meaningOf(name: string): Meaning | undefined {
  const { wishes, notUnderstood } = readGoal(name.replace(/_/g, '-'));
  return notUnderstood.length === 0 ? wishes[0]?.means : undefined;
}

function readClause(goal: string, clause: Word[], reading: GoalReading): void {
  const wishes: (Wish & { isWeak: boolean })[] = [];
  const unknown: Word[] = [];
  let isNegated = false;
  for (let position = 0; position < clause.length;) {
    const words = longestPhraseAt(clause, position) ?? clause.slice(position, position + 1);
    const phrase = PHRASES.get(keyOf(words));
    if (phrase) {
      wishes.push({ ...phrase, isNegated, text: textOf(goal, words) });
    } else if (words.some(({ word }) => NEGATIONS.has(word))) {
      isNegated = true;
    } else {
      unknown.push(...words.filter(({ word }) => !FILLERS.has(word)));
    }
    position += words.length;
  }

  const isSure = unknown.length === 0;
  const understood = wishes.filter((wish) => isSure || !wish.isWeak);
  reading.wishes.push(
    ...understood.map(({ means, text, isNegated }) => ({ means, text, isNegated })),
  );
  if (!isSure) {
    // A clause without any wish is told whole: its small words carry the meaning.
    const span = clause.slice(
      clause.findIndex((word) => word === unknown[0]),
      clause.findIndex((word) => word === unknown.at(-1)) + 1,
    );
    reading.notUnderstood.push(textOf(goal, understood.length > 0 ? span : clause));
  }
}

/** The words from `position` on that make the longest known phrase. */
function longestPhraseAt(clause: Word[], position: number): Word[] | undefined {
  const longest = clause.slice(position, position + LONGEST_PHRASE);
  return longest
    .map((_, dropped) => longest.slice(0, longest.length - dropped))
    .find((words) => PHRASES.has(keyOf(words)));
}

function keyOf(words: Word[]): string {
  return words.map((word) => word.key).join(' ');
}

function textOf(goal: string, words: Word[]): string {
  return goal.slice(words[0]?.start, words.at(-1)?.end);
}

/** Splits at punctuation and at connectives. */
function clausesOf(goal: string): Word[][] {
  const clauses: Word[][] = [[]];
  let end = 0;
  for (const word of wordsOf(goal)) {
    const isNew = /[.,;:!?()\n&+/]/.test(goal.slice(end, word.start)) || CONNECTIVES.has(word.word);
    end = word.end;
    if (isNew) {
      clauses.push([]);
    }
    if (!CONNECTIVES.has(word.word)) {
      clauses.at(-1)?.push(word);
    }
  }
  return clauses;
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}_]+(?:['’.][\p{L}\p{N}_]+)*/gu)].map((match) => {
    const word = match[0].toLowerCase().replace('’', "'");
    return { word, key: singular(word), start: match.index, end: match.index + match[0].length };
  });
}

function singular(word: string): string {
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

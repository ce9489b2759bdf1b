import type { ResourceSpec } from '../project-spec.js';
import { Drafts } from './drafts.js';
import { readSentence } from './sentences/entity-reader.js';
import { addFamiliarProduct } from './familiar-products.js';
import { completeFamiliar } from './familiar-things.js';
import { CONNECTIVES, FILLERS, type Meaning, NEGATIONS } from './words/goal-vocabulary.js';
import { isKnown, isWish, LONGEST_PHRASE, PHRASES, singular } from './words/phrases.js';
import type { Reading } from './reading.js';
import { saysNothingElse } from './settings-of-goals.js';
import { nameLengthAt, withoutTools } from './words/tools-of-goals.js';
import { sentencesOf, type Token } from './words/words.js';

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
  /** Things to store: those that were known, changed, and new ones. */
  resources: ResourceSpec[];
  /** Those of `resources` that the goal speaks of. */
  spokenOf: string[];
  /** Said, understood, and not to be had. */
  notes: string[];
  /** About things to store of which the goal says little. */
  decisions: string[];
  /** Somebody owns things, or may do what others may not. */
  needsAccounts: boolean;
  /** Something is to be stored, or no longer, or otherwise. */
  hasChangedThings: boolean;
}

interface Word {
  /** Lower case, singular. */
  key: string;
  /** Lower case. */
  word: string;
  start: number;
  end: number;
}

/**
 * Reads a goal: first what it says of things to store, sentence by sentence, then the rest clause by clause; pure.
 *
 * @param known What the project stores already.
 */
export function readGoal(goal: string, known: readonly ResourceSpec[] = []): GoalReading {
  const sentences = sentencesOf(goal);
  // Once to learn what the goal calls a thing, and again knowing it: a post may have comments before they are told of.
  const first = readThings(goal, sentences, known, new Set());
  const names = new Set(first.isAssumed ? [] : withoutPhrases(first.spokenOf));
  const { understood, isAssumed: _, ...things } = readThings(goal, sentences, known, names);
  const reading: GoalReading = { wishes: [], notUnderstood: [], ...things };
  const isSaid = saysNothingElse(reading.spokenOf);
  for (const clause of clausesOf(withoutSpans(goal, understood))) {
    readClause(goal, clause, reading, isSaid);
  }
  return reading;
}

/** Where a goal speaks of listings, `flat listings` are the same ones, unless it says more of them. */
function withoutPhrases(names: readonly string[]): string[] {
  return names.filter((name) => !names.some((other) => name.endsWith(`_${other}`)));
}

function readThings(
  goal: string,
  sentences: readonly Token[][],
  known: readonly ResourceSpec[],
  hinted: ReadonlySet<string>,
) {
  const drafts = new Drafts(known, hinted);
  const before = new Map(drafts.all.map((resource) => [resource.name, JSON.stringify(resource)]));
  const reading: Reading = {
    drafts,
    isKnown,
    isWish,
    sentence: '',
    isLost: false,
    isElsewhere: false,
    asides: [],
    notes: [],
    needsAccounts: false,
  };
  const understood = sentences.flatMap((sentence) => {
    reading.sentence = goal.slice(sentence[0]?.start, sentence.at(-1)?.end);
    return readSentence(withoutTools(sentence), reading);
  });
  // Users of whom nothing else is said are those who log in.
  if (drafts.all.some(({ name, fields }) => name === 'user' && fields.length === 0)) {
    drafts.remove('user');
    reading.needsAccounts = true;
  }
  const isNew = (name: string) => !before.has(name);
  const product =
    drafts.all.length === 0 ? addFamiliarProduct(sentences.map(withoutTools), reading) : undefined;
  const decisions = [...(product ? [product.note] : []), ...completeFamiliar(drafts, isNew)];
  return {
    understood: [
      ...understood.filter((token) => !reading.asides.includes(token)),
      ...(product?.understood ?? []),
    ],
    resources: drafts.all,
    spokenOf: drafts.all
      .filter((resource) => before.get(resource.name) !== JSON.stringify(resource))
      .map(({ name }) => name),
    notes: reading.notes,
    decisions,
    needsAccounts: reading.needsAccounts,
    isAssumed: product !== undefined,
    hasChangedThings:
      JSON.stringify([...before.values()]) !==
      JSON.stringify(drafts.all.map((each) => JSON.stringify(each))),
  };
}

/** The goal with a mark in place of every understood run of tokens, so that clauses end there. */
function withoutSpans(goal: string, tokens: readonly Token[]): string {
  const characters = goal.split('');
  for (const { start, end } of tokens) {
    characters.fill(';', start, end);
  }
  return characters.join('');
}

/** What a single name means, as `parameters.features` has it; `undefined` where the vocabulary doesn't know it. */
export function meaningOf(name: string): Meaning | undefined {
  const reading = { wishes: new Array<Wish>(), notUnderstood: new Array<string>(), spokenOf: [] };
  for (const clause of clausesOf(name.replace(/_/g, '-'))) {
    readClause(name, clause, reading, () => false);
  }
  return reading.notUnderstood.length === 0 ? reading.wishes[0]?.means : undefined;
}

function readClause(
  goal: string,
  clause: Word[],
  reading: Pick<GoalReading, 'wishes' | 'notUnderstood' | 'spokenOf'>,
  isSaid: (unknown: readonly Word[], clause: readonly Word[]) => boolean,
): void {
  const wishes: (Wish & { isWeak: boolean })[] = [];
  const unknown: Word[] = [];
  let isNegated = false;
  for (let position = 0; position < clause.length;) {
    const words = longestPhraseAt(clause, position) ?? clause.slice(position, position + 1);
    const phrase = PHRASES.get(keyOf(words));
    if (phrase && !(phrase.isWeak && reading.spokenOf.includes(keyOf(words)))) {
      wishes.push({ ...phrase, isNegated, text: textOf(goal, words) });
    } else if (words.some(({ word }) => NEGATIONS.has(word))) {
      isNegated = true;
    } else {
      unknown.push(...words.filter(({ word }) => !FILLERS.has(word)));
    }
    position += words.length;
  }

  const isSure = unknown.length === 0 || isSaid(unknown, clause);
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
    .find((words) => PHRASES.has(keyOf(words)) && !endsBeforeTool(clause, position + words.length));
}

/** `a maintenance log in NestJS` has no log in. */
function endsBeforeTool(clause: readonly Word[], end: number): boolean {
  return clause[end - 1]?.word === 'in' && nameLengthAt(clause, end) > 0;
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

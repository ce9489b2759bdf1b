import { readAccess } from './access-sentences.js';
import { readChange } from './change-sentences.js';
import { CONNECTIVES, FILLERS } from '../words/goal-vocabulary.js';
import { readManyToMany } from './many-to-many.js';
import { takeNoun } from '../words/noun-phrases.js';
import { readKeeping, readProduct } from './product-reader.js';
import type { Reading } from '../reading.js';
import { readRuleOf } from './rule-sentences.js';
import { readThingClause } from './thing-clauses.js';
import { Cursor, type Token } from '../words/words.js';

/** Reads what a sentence says of things to store. @returns which of its tokens it understood */
export function readSentence(tokens: readonly Token[], reading: Reading): Token[] {
  const c = new Cursor(tokens);
  c.attempt(() => takeTeller(c) || undefined);
  const understood = tokens.slice(0, c.position);
  reading.isLost = false;
  reading.isElsewhere = false;
  while (!c.isAtEnd) {
    const from = c.position;
    const isRead =
      c.attempt(() => readChange(c, reading) || undefined) ??
      c.attempt(() => readManyToMany(c, reading) || undefined) ??
      c.attempt(() => readAccess(c, reading) || undefined) ??
      c.attempt(() => readKeeping(c, reading) || undefined) ??
      c.attempt(() => readThingClause(c, reading) || undefined) ??
      c.attempt(() => readProduct(c, reading) || undefined) ??
      c.attempt(() => readRuleOf(c, reading) || undefined);
    if (isRead) {
      understood.push(...tokens.slice(from, c.position));
    } else {
      reading.isLost ||= c.token !== undefined && saysSomething(c.token);
      reading.isElsewhere ||= reading.isLost && c.isAt(':');
      c.position += 1;
    }
  }
  return understood;
}

/** `As a landlord, I want to`, which stands before what is wanted. */
function takeTeller(c: Cursor): boolean {
  const isSaid =
    c.takeAny(['user story : as a|an|the', 'as a|an|the']) && takeNoun(c) !== undefined;
  c.take(',');
  return isSaid && c.isAt('i|we');
}

function saysSomething({ isMark, word }: Token): boolean {
  return !isMark && !FILLERS.has(word) && !CONNECTIVES.has(word);
}
